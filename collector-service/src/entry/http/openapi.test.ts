import { Ajv2020 } from 'ajv/dist/2020.js';
import { API } from '../../contract/api.ts';
import { serveAndHold } from '@amc-reports/test-support/http/held-run.ts';
import { createWorld, QUERY, type RequestOptions, type World } from '@amc-reports/test-support/http/world.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: object }>; $ref?: string }>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, object>; securitySchemes: Record<string, object> };
}

let world: World;
let document: Document;
let ajv: Ajv2020;
beforeAll(async () => {
  world = await createWorld();
  document = (await (await world.request('/openapi.json', { token: null })).json()) as Document;
  ajv = createAjv(document.components);
});
afterAll(() => world.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

const inDocument = <T>(schema: T): T =>
  JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', 'api#/components/schemas/')) as T;

/** Compiles schemas that refer to those of the document. */
function createAjv(components: object): Ajv2020 {
  const made = new Ajv2020({ strict: true, strictRequired: false, allErrors: true, validateFormats: false, allowUnionTypes: true });
  made.addKeyword('components');
  made.addSchema({ $id: 'api', components: inDocument(components) });
  return made;
}
const validator = (schema: object) => ajv.compile(inDocument(schema));

it('is an OpenAPI 3.1 document of this version', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.info).toMatchObject({ title: expect.any(String), version: '0.0.0-test' });
});

it('describes every route of the contract, and no other under /v1', () => {
  const described = operations()
    .filter(({ path }) => path.startsWith('/v1/'))
    .map(({ path, method, operation }) => `${operation.operationId} ${method} ${path}`);
  expect(described.sort()).toEqual(
    Object.entries(API)
      .map(([name, { method, path }]) => `${name} ${method} ${path}`)
      .sort(),
  );
});

it('describes what answers and only what answers', async () => {
  for (const { path, method } of operations()) {
    const response = await world.request(path.replaceAll(/\{(\w+)\}/g, '1'), { method: method.toUpperCase(), token: null });
    expect([path, [200, 401]]).toEqual([path, expect.arrayContaining([response.status])]);
    await response.body?.cancel();
  }
});

it('names every operation once and declares each parameter of its path', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations()) {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(declared.map((parameter) => parameter.name).sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort());
    expect(declared.every((parameter) => parameter.required)).toBe(true);
  }
});

it('names the errors of every operation by status, the route’s own and those of all', () => {
  const { responses } = operations().find(({ operation }) => operation.operationId === 'createCollection')!.operation;
  const codesOf = (status: number) => responses[status]?.description?.split(', ');
  expect(codesOf(404)).toEqual(['not_found']);
  expect(codesOf(400)).toEqual(['invalid_request', 'unknown_dataset', 'week_out_of_range']);
  expect(codesOf(413)).toEqual(['too_large']);
  expect(codesOf(401)).toEqual(['unauthenticated']);
  for (const { path, operation } of operations().filter((each) => each.path.startsWith('/v1/')))
    for (const status of ['401', '403', '429', '500', '503', 'default'])
      expect([path, operation.responses[status]?.$ref]).toEqual([path, '#/components/responses/Problem']);
});

it('has only references that lead somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
  expect(references.length).toBeGreaterThan(10);
  for (const reference of references) {
    const target = reference
      .replace('#/', '')
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
    expect([reference, typeof target]).toEqual([reference, 'object']);
  }
});

it('has valid JSON Schemas, for parameters, bodies and answers', () => {
  for (const { operation } of operations()) {
    const contents = [operation.requestBody?.content, ...Object.values(operation.responses).map((response) => response.content)];
    const schemas = [
      ...(operation.parameters ?? []).map((p) => p.schema),
      ...contents.flatMap((content) => Object.values(content ?? {}).map((type) => type.schema)),
    ];
    for (const schema of schemas) expect(() => validator(schema)).not.toThrow();
  }
});

it('lets requests leave out what has a default, and requires in answers what is always there', () => {
  const request = validator({ $ref: '#/components/schemas/QueryRequest' });
  expect(request(QUERY)).toBe(true);
  expect(request({ ...QUERY, queries: [{ metrics: 'spend' }] })).toBe(false);
  expect(document.components.schemas.Collection).toMatchObject({ required: expect.arrayContaining(['id', 'state', 'weeks']) });
});

it('agrees with what the server really answers', async () => {
  const cases = [
    ['health', '/v1/health', {}],
    ['catalogue', '/v1/catalogue', {}],
    ['query', '/v1/query', { json: QUERY }],
    [
      'createCollection',
      '/v1/collections',
      { token: world.tokens.editor, json: { instance: 'n1', dataset: 'campaign_performance', weeks: 2 } },
    ],
    ['collections', '/v1/collections', {}],
    ['collection', '/v1/collections/1', {}],
    ['dimensionValues', '/v1/dimensions/instance/values?limit=1', {}],
    [
      'createSchedule',
      '/v1/schedules',
      { token: world.tokens.editor, json: { name: 'Weekly', template: 'weekly', dataset: 'campaign_performance' } },
    ],
    ['runSchedule', '/v1/schedules/1/run', { token: world.tokens.editor, method: 'POST' }],
    ['schedules', '/v1/schedules', {}],
    ['schedule', '/v1/schedules/1', {}],
    ['scheduleHistory', '/v1/schedules/1/history?limit=1', {}],
    ['editSchedule', '/v1/schedules/1', { token: world.tokens.editor, method: 'PATCH', json: { restateWeeks: 2 } }],
    ['pauseSchedule', '/v1/schedules/1/pause', { token: world.tokens.editor, method: 'POST' }],
    ['resumeSchedule', '/v1/schedules/1/resume', { token: world.tokens.editor, method: 'POST' }],
    ['deleteSchedule', '/v1/schedules/1', { token: world.tokens.editor, method: 'DELETE' }],
    ['scheduleTemplates', '/v1/schedule-templates', {}],
    ['schedulePreview', '/v1/schedule-preview?cron=0+6+*+*+3&timeZone=UTC', {}],
    ['pauseCollection', '/v1/collections/1/pause', { token: world.tokens.editor, method: 'POST' }],
    ['resumeCollection', '/v1/collections/1/resume', { token: world.tokens.editor, method: 'POST' }],
    ['retryWeek', '/v1/collections/1/weeks/2026-11-09/retry', { token: world.tokens.editor, method: 'POST' }],
    ['cancelCollection', '/v1/collections/1/cancel', { token: world.tokens.editor, method: 'POST' }],
  ] as const;
  for (const [name, path, options] of cases) await agree(name, path, options);
});

it('agrees with what the server really answers about held runs, rules and revisions', async () => {
  const token = world.tokens.editor;
  const created = await world.request('/v1/collections', { token, json: { instance: 'n2', dataset: 'campaign_performance', weeks: 3 } });
  const { id } = (await created.json()) as { id: string };
  const hold = (week: string) =>
    serveAndHold(world, { collectionId: id, instanceId: world.ids.n2, week }, [{ clicks: '9' }, { campaign_id: '2' }], [{ clicks: '8' }]);
  const [first, second, third] = [await hold('2026-10-26'), await hold('2026-11-02'), await hold('2026-11-09')];
  const cases = [
    ['revisions', `/v1/collections/${id}/revisions?limit=1`, {}],
    ['heldRuns', '/v1/held-runs?decided=false', {}],
    ['heldRun', `/v1/held-runs/${first}`, {}],
    ['heldRows', `/v1/held-runs/${first}/rows?kind=changed&limit=1`, {}],
    ['acceptHeldRun', `/v1/held-runs/${first}/accept`, { token, json: { reason: 'fine' } }],
    ['keepHeldRun', `/v1/held-runs/${second}/keep`, { token, json: { reason: 'fine' } }],
    ['runAgainHeldRun', `/v1/held-runs/${third}/run-again`, { token, json: { reason: 'fine' } }],
    ['setAcceptanceRule', '/v1/acceptance-rules', { token, json: { dataset: 'campaign_performance', maxMove: 0.05, reason: 'fine' } }],
    ['acceptanceRules', '/v1/acceptance-rules', {}],
    ['removeAcceptanceRule', '/v1/acceptance-rules/1', { token, method: 'DELETE' }],
  ] as const;
  for (const [name, path, options] of cases) await agree(name, path, options);
});

async function agree(name: string, path: string, options: RequestOptions): Promise<void> {
  const response = await world.request(path, options);
  const { operation } = operations().find((each) => each.operation.operationId === name)!;
  const described = operation.responses[String(response.status)]?.content?.['application/json'];
  const body = await response.json();
  const validate = validator(described?.schema ?? (false as unknown as object));
  validate(body);
  expect([name, validate.errors]).toEqual([name, null]);
}
