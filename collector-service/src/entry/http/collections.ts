import { z } from 'zod';
import {
  collectionDetailSchema,
  collectionListSchema,
  collectionSchema,
  createCollectionSchema,
  weekSchema,
} from '../../contract/index.ts';
import type { Route } from './route.ts';
import { defineRoute } from './route.ts';

const idParams = z.strictObject({
  id: z
    .string()
    .regex(/^\d{1,18}$/, 'must be a numeric id')
    .describe('Collection id'),
});
const weekParams = idParams.extend({ week: z.iso.date().describe('Monday of the week') });

const list = defineRoute({
  name: 'collections',
  summary: 'The collections of the instances the caller may see',
  budget: 'read',
  status: 200,
  response: collectionListSchema,
  handle: async (_input, { deps, scope }) => ({ collections: await deps.collections.list(scope) }),
});

const detail = defineRoute({
  name: 'collection',
  summary: 'A collection with all its weeks',
  params: idParams,
  budget: 'read',
  status: 200,
  response: collectionDetailSchema,
  handle: ({ params }, { deps, scope }) => deps.collections.detail(scope, params.id),
});

const create = defineRoute({
  name: 'createCollection',
  summary: 'Starts collecting a dataset for an instance over a range of weeks',
  body: createCollectionSchema,
  budget: 'write',
  status: 201,
  response: collectionSchema,
  handle: ({ body }, { deps, scope, caller }) => deps.collections.create(scope, caller.actor, body),
});

const act = (action: 'pause' | 'resume' | 'cancel', summary: string) =>
  defineRoute({
    name: `${action}Collection`,
    summary,
    params: idParams,
    budget: 'write',
    status: 200,
    response: collectionSchema,
    handle: ({ params }, { deps, scope, caller }) => deps.collections[action](scope, caller.actor, params.id),
  });

const retryWeek = defineRoute({
  name: 'retryWeek',
  summary: 'Collects a week again; what is served stays until the new run is accepted',
  params: weekParams,
  budget: 'write',
  status: 202,
  response: weekSchema,
  handle: ({ params }, { deps, scope, caller }) => deps.collections.retryWeek(scope, caller.actor, params.id, params.week),
});

export const collectionRoutes: readonly Route[] = [
  list,
  create,
  detail,
  act('pause', 'Stops planning new executions; those running at Amazon are still fetched'),
  act('resume', 'Goes on after a pause or a stop'),
  act('cancel', 'Ends the collection for good; its data stays'),
  retryWeek,
];
