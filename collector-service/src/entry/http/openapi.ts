import { z } from 'zod';
import { API } from '../../contract/api.ts';
import { problemSchema } from '../../contract/problem.ts';
import { errorsOf, type RouteDeclaration } from '../../contract/route.ts';
import { ERRORS } from '../../contract/errors.ts';

type Json = Record<string, unknown>;
type Direction = 'input' | 'output';
type ToSchema = (schema: z.ZodType, io: Direction) => Json;

/** The OpenAPI 3.1 description, made from the schemas that validate requests. Named schemas (.meta id) become components. */
export function openApiDocument(version: string): Json {
  const components: Record<string, Json> = {};
  /** A schema as JSON Schema; what it names moves to the components. */
  const toSchema: ToSchema = (schema, io) => {
    const { $defs, ...root } = z.toJSONSchema(schema, { io }) as Json;
    delete root.$schema;
    for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, Json>))
      addComponent(components, id, atComponents(definition));
    return atComponents(root);
  };

  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(API)) (paths[route.path] ??= {})[route.method] = operation(name, route, toSchema);
  return {
    openapi: '3.1.0',
    info: {
      title: 'AMC Reports collector',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'The bearer token decides the workspace and which AMC instances are seen. A signed X-Grafana-Id decides the person and the role; without one the token’s own role counts, which is Viewer unless it was made otherwise.',
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths: { ...paths, ...openPaths },
    components: {
      schemas: components,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A workspace token (amcr_…)' } },
      responses: {
        Problem: {
          description: 'What went wrong, and what to do',
          content: { 'application/problem+json': { schema: toSchema(problemSchema, 'output') } },
        },
      },
    },
  };
}

function operation(name: string, route: RouteDeclaration, toSchema: ToSchema): Json {
  const content = route.stream ? 'text/event-stream' : 'application/json';
  return {
    operationId: name,
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    'x-role': route.role,
    parameters: [...parameters(route.params, 'path', toSchema), ...parameters(route.query, 'query', toSchema), grafanaId],
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: toSchema(route.body, 'input') } } } }),
    responses: {
      [route.status]: { description: route.summary, content: { [content]: { schema: toSchema(route.response, 'output') } } },
      ...problems(route),
      default: PROBLEM,
    },
  };
}

/** The problems a route may answer with, by status; each names its codes. */
function problems(route: RouteDeclaration): Json {
  const codes = new Map<number, string[]>();
  for (const code of errorsOf(route)) {
    const { status } = ERRORS[code];
    codes.set(status, [...(codes.get(status) ?? []), code]);
  }
  // A body that comes too slowly, unlike an answer that does.
  if (route.body) codes.set(408, ['timed_out']);
  return Object.fromEntries([...codes].map(([status, names]) => [status, { ...PROBLEM, description: names.join(', ') }]));
}

const PROBLEM = { $ref: '#/components/responses/Problem' };

function parameters(schema: z.ZodObject | undefined, where: 'path' | 'query', toSchema: ToSchema): Json[] {
  if (!schema) return [];
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    const { description, ...rest } = toSchema(type, 'input');
    return {
      name,
      in: where,
      required: where === 'path' || !type.safeParse(undefined).success,
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
}

const grafanaId = {
  name: 'X-Grafana-Id',
  in: 'header',
  required: false,
  description: 'The token that Grafana signs for its user (ES256); refused when not valid',
  schema: { type: 'string' },
};

const text = (description: string) => ({ description, content: { 'text/plain': { schema: { type: 'string' } } } });
/** What needs no token. */
const openPaths = {
  '/livez': { get: { operationId: 'livez', summary: 'The process answers', security: [], responses: { 200: text('It does') } } },
  '/readyz': {
    get: {
      operationId: 'readyz',
      summary: 'The database answers too',
      security: [],
      responses: { 200: text('It does'), 503: text('It does not') },
    },
  },
  '/metrics': {
    get: { operationId: 'metrics', summary: 'Metrics for Prometheus', security: [], responses: { 200: text('Exposition format') } },
  },
  '/openapi.json': {
    get: {
      operationId: 'openapi',
      summary: 'This description',
      security: [],
      responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } } },
    },
  },
};

function addComponent(components: Record<string, Json>, id: string, schema: Json): void {
  const known = components[id];
  if (known && JSON.stringify(known) !== JSON.stringify(schema))
    throw new Error(`The schema ${id} is used for requests and answers with different meanings: give them two ids`);
  components[id] = schema;
}

/** Points references at the components, wherever they stand. */
function atComponents<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : value,
  ) as T;
}
