import { CollectorError } from '../../../contract/error.ts';

export const noCollection = (id: string): CollectorError =>
  new CollectorError(`There is no collection ${id} here; list the collections to see which exist.`, {
    code: 'not_found',
    kind: 'terminal',
    status: 404,
  });

export const noWeek = (collection: { name: string; firstWeek: string; lastWeek: string }, week: string): CollectorError =>
  new CollectorError(
    `Collection '${collection.name}' has no week ${week}; it holds the Mondays from ${collection.firstWeek} to ${collection.lastWeek}.`,
    { code: 'not_found', kind: 'terminal', status: 404 },
  );
