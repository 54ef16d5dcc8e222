import { Router } from 'express';
import { tablesOf } from '../tables/all.ts';
import type { AmcTable } from '../tables/table.ts';
import { AmcError } from './amc-error.ts';
import { answer, MEDIA } from './answer.ts';
import { instanceOf } from './authorise.ts';
import { page } from './page.ts';

/** The tables an instance may query, as a schema explorer reads them. */
export function dataSourceRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get('/', (request, response) => {
    const { items, nextToken } = page([...tablesOf(instanceOf(request)).values()], request.query);
    answer(response, { dataSources: items.map(describe), nextToken }, MEDIA.dataSources);
  });

  router.get('/:dataSourceId', (request, response) => {
    const table = tablesOf(instanceOf(request)).get(request.params.dataSourceId);
    if (!table) throw new AmcError(404, `Data source with ID ${request.params.dataSourceId} not found.`);
    answer(response, describe(table), MEDIA.dataSources);
  });

  return router;
}

const describe = (table: AmcTable) => ({
  dataSourceId: table.name,
  description: table.description,
  owner: 'AMAZON',
  provider: 'Amazon',
  columns: table.columns.map((column) => ({
    name: column.name,
    columnType: column.kind,
    // Amazon shows a person's id as a string, whatever the sandbox keeps.
    description: `${column.name === 'user_id' ? 'STRING' : column.type}, aggregation threshold ${column.threshold}`,
  })),
});
