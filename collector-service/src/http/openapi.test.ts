import { Ajv2020 } from 'ajv/dist/2020.js';
import { ROUTES } from '../contract/routes.ts';
import { createWorld, QUERY, type World } from './testing/world.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }>; $ref?: string }>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, object>; securitySchemes: Record<string, object> };
}

let world: World;
let document: Document;
beforeAll(async () => {
  world = await createWorld();
  document = (await (await world.request('/openapi.json', { token: null })).json()) as Document;
});
afterAll(() => world.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

/** All schemas of the document, as one that ajv can look references up in. */
function validator(schema: object) {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true, validateFormats: false, allowUnionTypes: true });
  const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', 'api#/components/schemas/'));
  ajv.addKeyword('components');
  ajv.addSchema({
    $id: 'api',
    components: JSON.parse(JSON.stringify(document.components).replaceAll('#/components/schemas/', 'api#/components/schemas/')),
  });
  return ajv.compile(inDocument);
}

it('is an OpenAPI 3.1 document of this version', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.info).toMatchObject({ title: expect.any(String), version: '0.0.0-test' });
});

it('describes every route of the contract, and no other under /v1', () => {
  const described = operations()
    .filter(({ path }) => path.startsWith('/v1/'))
    .map(({ path, method, operation }) => `${operation.operationId} ${method} ${path}`);
  expect(described.sort()).toEqual(
    Object.entries(ROUTES)
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
    ['pauseCollection', '/v1/collections/1/pause', { token: world.tokens.editor, method: 'POST' }],
    ['resumeCollection', '/v1/collections/1/resume', { token: world.tokens.editor, method: 'POST' }],
    ['retryWeek', '/v1/collections/1/weeks/2026-11-09/retry', { token: world.tokens.editor, method: 'POST' }],
    ['cancelCollection', '/v1/collections/1/cancel', { token: world.tokens.editor, method: 'POST' }],
  ] as const;
  for (const [name, path, options] of cases) {
    const response = await world.request(path, options);
    const { operation } = operations().find((each) => each.operation.operationId === name)!;
    const described = operation.responses[String(response.status)]?.content?.['application/json'];
    const body = await response.json();
    const validate = validator(described?.schema ?? (false as unknown as object));
    validate(body);
    expect([name, validate.errors]).toEqual([name, null]);
  }
});
