import { CollectorError } from '../../../contract/error.ts';

export const noCollection = (id: string): CollectorError =>
  new CollectorError('not_found', `There is no collection ${id} here; list the collections to see which exist.`);

export const noWeek = (collection: { name: string; firstWeek: string; lastWeek: string }, week: string): CollectorError =>
  new CollectorError(
    'not_found',
    `Collection '${collection.name}' has no week ${week}; it holds the Mondays from ${collection.firstWeek} to ${collection.lastWeek}.`,
  );
