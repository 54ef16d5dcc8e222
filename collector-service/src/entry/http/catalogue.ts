import { catalogueSchema } from '../../contract/index.ts';
import { defineRoute } from './route.ts';

export const catalogueRoute = defineRoute({
  name: 'catalogue',
  summary: 'What can be asked: datasets with their metrics and dimensions, and the instances the caller may see',
  budget: 'read',
  status: 200,
  response: catalogueSchema,
  handle: async (_input, { deps, caller }) => deps.answers.catalogue(caller),
});
