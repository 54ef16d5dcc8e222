import { request as httpRequest } from 'node:http';
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_INSTANCE_ID, SANDBOX_REFRESH_TOKEN } from '../account.ts';
import { newToken, startTestSandbox, type Answer, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

/**
 * Every route with values that no tidy client sends, in every field. Whatever comes, the sandbox answers with a status of
 * Amazon's, never 500, and what it kept can be read, run and scheduled after a restart.
 */
const SQL = 'SELECT campaign, SUM(impressions) AS impressions FROM sponsored_ads_traffic GROUP BY campaign';
const BASE = `/amc/reporting/${SANDBOX_INSTANCE_ID}`;
const WINDOW = { timeWindowType: 'EXPLICIT', timeWindowStart: '2026-03-02T00:00:00', timeWindowEnd: '2026-03-09T00:00:00' };

/** What no database keeps: 400 wherever it stands. */
const ILLEGIBLE = ['\0', 'a\0b', '\ud800', 'a\udc00b'];
const AWKWARD = [
  '',
  ' ',
  'x'.repeat(100_000),
  '../../../etc/passwd',
  "'; DROP TABLE sandbox.execution; --",
  '%',
  '\\',
  '\u202e\u200b\ufeff',
  '👩‍🚀',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '-1',
  '1e999',
  '2026-02-30T00:00:00',
];
const NOT_TEXT: unknown[] = [0, -1, 1.5, 1e300, true, false, [], ['a'], [null], {}, { toString: 1 }, { a: { b: 'c' } }];

type Kind = 'text' | 'boolean' | 'integer' | 'list' | 'object' | 'value';

/** What a field is, and which of the values above it must refuse for that alone. */
const WRONG: Record<Kind, unknown[]> = {
  text: NOT_TEXT,
  boolean: ['', ' ', 'maybe', 0, 1.5, [], ['a'], {}, { toString: 1 }],
  integer: ['', ' ', 'many', '1.5', '1e3', '0x10', 1.5, 1e300, true, [], ['a'], {}, { toString: 1 }],
  list: ['', 'a', 0, true, {}, [null], ['a'], [0]],
  object: ['', 'a', 0, true, [], ['a']],
  value: [[null], [[]], [{}], {}, { toString: 1 }],
};

let test: TestSandbox;
let serial = 0;
const errors: unknown[] = [];
const logger = { info: () => {}, warn: () => {}, error: (fields: object) => void errors.push(fields) };

beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 12, timeFactor: 1, logger });
  await test.reporting('POST', '/workflows', { workflowId: 'known', sqlQuery: SQL });
  await test.reporting('POST', '/schedules', { scheduleId: 'known', workflowId: 'known', aggregationPeriod: 'Daily' });
});
afterAll(() => test.stop());
afterEach(async () => {
  expect(errors.splice(0)).toEqual([]);
  expect((await test.call('GET', '/amc/instances')).status).toBe(200);
});

const ANSWERS = [200, 400, 401, 403, 404, 422];
type Body = Record<string, unknown>;
interface Route {
  send: (body: Body) => Promise<Answer>;
  /** What it takes as it is. */
  body: () => Body;
  /** Where the values go, as a path into the body. */
  fields: Record<string, Kind>;
}

const workflow = () => ({
  sqlQuery: SQL,
  inputParameters: [
    { name: 'one', dataType: 'STRING', columnType: 'DIMENSION', defaultValue: 'x', description: 'd', displayName: 'n' },
    { name: 'many', dataType: { type: 'ARRAY', elementDataType: 'STRING', elementNullable: false }, defaultValue: ['x'] },
  ],
  outputColumns: [{ name: 'campaign', dataType: 'STRING', columnType: 'DIMENSION', description: 'd', dataTypePrecision: 1 }],
  outputFormat: { separatorCharacter: ',', quoteCharacter: '"', escapeCharacter: '"' },
  privacyFilteringBehavior: 'REMOVE_ROWS',
  filteredMetricsDiscriminatorColumn: 'hidden',
  distinctUserCountColumn: 'people',
  filteredReasonColumn: 'why',
  inputSchema: 'sandbox',
});
const WORKFLOW_FIELDS: Record<string, Kind> = {
  sqlQuery: 'text',
  inputParameters: 'list',
  'inputParameters.0.name': 'text',
  'inputParameters.0.dataType': 'text',
  'inputParameters.0.columnType': 'text',
  'inputParameters.0.defaultValue': 'value',
  'inputParameters.0.description': 'text',
  'inputParameters.0.displayName': 'text',
  'inputParameters.1.dataType.type': 'text',
  'inputParameters.1.dataType.elementDataType': 'text',
  'inputParameters.1.dataType.elementNullable': 'boolean',
  'inputParameters.1.defaultValue': 'value',
  outputColumns: 'list',
  'outputColumns.0.name': 'text',
  'outputColumns.0.dataType': 'text',
  'outputColumns.0.columnType': 'text',
  'outputColumns.0.description': 'text',
  'outputColumns.0.dataTypePrecision': 'integer',
  outputFormat: 'object',
  'outputFormat.separatorCharacter': 'text',
  'outputFormat.quoteCharacter': 'text',
  'outputFormat.escapeCharacter': 'text',
  privacyFilteringBehavior: 'text',
  filteredMetricsDiscriminatorColumn: 'text',
  distinctUserCountColumn: 'text',
  filteredReasonColumn: 'text',
  inputSchema: 'text',
};
const execution = (more: Body) => ({
  ...more,
  ...WINDOW,
  timeWindowTimeZone: 'America/New_York',
  parameterValues: { one: 'x', many: ['x'] },
  workflowExecutionTimeoutSeconds: 900,
  dryRun: false,
  skipPublish: false,
  disableAggregationControls: false,
  requireSyntheticData: false,
  advertisers: [{ id: 'ENTITYKESTREL01', type: 'SPONSORED_ADS' }],
});
const EXECUTION_FIELDS: Record<string, Kind> = {
  timeWindowType: 'text',
  timeWindowStart: 'text',
  timeWindowEnd: 'text',
  timeWindowTimeZone: 'text',
  parameterValues: 'object',
  'parameterValues.one': 'value',
  'parameterValues.many': 'value',
  workflowExecutionTimeoutSeconds: 'integer',
  dryRun: 'boolean',
  skipPublish: 'boolean',
  disableAggregationControls: 'boolean',
  requireSyntheticData: 'boolean',
  advertisers: 'list',
  'advertisers.0.id': 'text',
};
const schedule = () => ({
  workflowId: 'known',
  aggregationPeriod: 'Weekly',
  aggregationStartDay: 'Monday',
  aggregationHourUtc: 3,
  scheduleEnabled: true,
  requireSyntheticData: false,
  disableAggregationControls: false,
});
const SCHEDULE_FIELDS: Record<string, Kind> = {
  workflowId: 'text',
  aggregationPeriod: 'text',
  aggregationStartDay: 'text',
  aggregationHourUtc: 'integer',
  scheduleEnabled: 'boolean',
  requireSyntheticData: 'boolean',
  disableAggregationControls: 'boolean',
};
const under = (prefix: string, fields: Record<string, Kind>) =>
  Object.fromEntries(Object.entries(fields).map(([name, kind]) => [`${prefix}.${name}`, kind]));

const ROUTES: Record<string, Route> = {
  'POST /workflows': {
    send: (body) => test.reporting('POST', '/workflows', body),
    body: () => ({ workflowId: `w${++serial}`, ...workflow() }),
    fields: { workflowId: 'text', ...WORKFLOW_FIELDS },
  },
  'PUT /workflows/{id}': {
    send: (body) => test.reporting('PUT', '/workflows/known', body),
    body: workflow,
    fields: WORKFLOW_FIELDS,
  },
  'POST /workflowExecutions, saved': {
    send: (body) => test.reporting('POST', '/workflowExecutions', body),
    body: () => execution({ workflowId: 'known' }),
    fields: { workflowId: 'text', ...EXECUTION_FIELDS },
  },
  'POST /workflowExecutions, ad hoc': {
    send: (body) => test.reporting('POST', '/workflowExecutions', body),
    body: () => execution({ workflow: workflow() }),
    fields: { workflow: 'object', ...under('workflow', WORKFLOW_FIELDS) },
  },
  'PUT /workflowExecutions/{id}': {
    send: async (body) => {
      const created = await test.reporting('POST', '/workflowExecutions', { workflowId: 'known', ...WINDOW });
      return test.reporting('PUT', `/workflowExecutions/${String(created.body.workflowExecutionId)}`, body);
    },
    body: () => ({ status: 'CANCELLED' }),
    fields: { status: 'text' },
  },
  'POST /schedules': {
    send: (body) => test.reporting('POST', '/schedules', body),
    body: () => ({ scheduleId: `s${++serial}`, ...schedule() }),
    fields: { scheduleId: 'text', ...SCHEDULE_FIELDS },
  },
  'PUT /schedules/{id}': {
    send: (body) => test.reporting('PUT', '/schedules/known', body),
    body: schedule,
    fields: SCHEDULE_FIELDS,
  },
  'POST /auth/o2/token': {
    send: (body) => test.call('POST', '/auth/o2/token', body),
    body: () => ({
      grant_type: 'refresh_token',
      refresh_token: SANDBOX_REFRESH_TOKEN,
      client_id: SANDBOX_CLIENT_ID,
      client_secret: SANDBOX_CLIENT_SECRET,
    }),
    fields: { grant_type: 'text', refresh_token: 'text', client_id: 'text', client_secret: 'text' },
  },
};

/** The body with one value in another's place. */
function withValue(body: Body, field: string, value: unknown): Body {
  const copy = structuredClone(body);
  const names = field.split('.');
  const last = names.pop()!;
  names.reduce<Body>((place, name) => place[name] as Body, copy)[last] = value;
  return copy;
}

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60);
/** The field, the value and the status, of those answers that are none of the allowed. */
async function outcasts(route: Route, cases: { field: string; value: unknown }[], allowed: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for (let at = 0; at < cases.length; at += 8) {
    const some = cases.slice(at, at + 8);
    const answers = await Promise.all(some.map(({ field, value }) => route.send(withValue(route.body(), field, value))));
    answers.forEach(({ status, text }, index) => {
      const { field, value } = some[index]!;
      if (!allowed.includes(status) || (status !== 200 && text === ''))
        found.push(`${field} ${shown(value)}: ${status} ${text.slice(0, 200)}`);
    });
  }
  return found;
}
const each = (fields: readonly string[], values: readonly unknown[]) =>
  fields.flatMap((field) => values.map((value) => ({ field, value })));

describe.each(Object.entries(ROUTES))('%s', (_, route) => {
  const fields = Object.keys(route.fields);

  it('takes its fields as they should be', async () => {
    expect((await route.send(route.body())).status).toBe(200);
  });

  it('answers whatever stands in a field', async () => {
    expect(await outcasts(route, each(fields, [...AWKWARD, ...NOT_TEXT, null]), ANSWERS)).toEqual([]);
  });

  it('refuses what is of another kind than its field', async () => {
    const cases = fields.flatMap((field) => each([field], WRONG[route.fields[field]!]));
    expect(await outcasts(route, cases, [400])).toEqual([]);
  });

  it('refuses text that no database keeps, in a field, in an unknown one, in a list, and as a name', async () => {
    const cases = ILLEGIBLE.flatMap((text) => [
      ...each([...fields, 'unknown'], [text]),
      ...each(['unknown'], [[text], { a: [{ b: text }] }, { [text]: 1 }]),
    ]);
    expect(await outcasts(route, cases, [400])).toEqual([]);
  });

  it('refuses bodies that are no JSON object, no UTF-8, too deep or too large', async () => {
    const raw = (body: unknown) => route.send(body as Body);
    // A token may also be asked for by form, whose every text is one.
    const forms = route.send === ROUTES['POST /auth/o2/token']!.send ? [400, 401] : [400];
    for (const body of ['{', '[]', '"x"', 'null', '1', '{"a":"\u0001"}'])
      expect([body, forms]).toEqual([body, expect.arrayContaining([(await raw(body)).status])]);
    expect((await raw(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)).status).toBe(400);
    expect((await raw(`{"a":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`)).status).toBe(400);
    expect((await raw(JSON.stringify({ a: 'x'.repeat(3 * 1024 * 1024) }))).status).toBe(400);
  });
});

describe('paths and queries', () => {
  const PATHS: [string, string][] = [
    ['GET', '/amc/instances/{}'],
    ['GET', '/amc/instances/{}/advertisers'],
    ['GET', `/amc/instances/${SANDBOX_INSTANCE_ID}/advertisers?type={}`],
    ['GET', '/amc/reporting/{}/workflows'],
    ['GET', `${BASE}/dataSources/{}`],
    ['GET', `${BASE}/workflows/{}`],
    ['PUT', `${BASE}/workflows/{}`],
    ['DELETE', `${BASE}/workflows/{}`],
    ['GET', `${BASE}/workflowExecutions/{}`],
    ['GET', `${BASE}/workflowExecutions/{}/downloadUrls`],
    ['PUT', `${BASE}/workflowExecutions/{}`],
    ['DELETE', `${BASE}/workflowExecutions/{}`],
    ['GET', `${BASE}/schedules/{}`],
    ['PUT', `${BASE}/schedules/{}`],
    ['DELETE', `${BASE}/schedules/{}`],
    ...['accounts', 'instances', `instances/${SANDBOX_INSTANCE_ID}/advertisers`].flatMap((list): [string, string][] =>
      ['limit', 'nextToken'].map((name) => ['GET', `/amc/${list}?${name}={}`]),
    ),
    ...['dataSources', 'workflows', 'schedules'].flatMap((list): [string, string][] =>
      ['limit', 'nextToken'].map((name) => ['GET', `${BASE}/${list}?${name}={}`]),
    ),
    ...['limit', 'nextToken', 'minCreationTime', 'maxCreationTime', 'timeZone', 'sortAscending', 'includeCancelled', 'includeWorkflow'].map(
      (name): [string, string] => ['GET', `${BASE}/workflowExecutions?workflowId=known&${name}={}`],
    ),
    ['GET', `${BASE}/workflowExecutions?workflowId={}`],
    ['GET', `/results/${SANDBOX_INSTANCE_ID}/{}/part-1.csv`],
    ['GET', `/results/${SANDBOX_INSTANCE_ID}/x/{}`],
    ['GET', '/results/a/b/c?X-Amz-Date={}&X-Amz-Expires={}&X-Amz-Signature={}'],
    ['GET', '/{}'],
    ['GET', '/sandbox/{}'],
    ['DELETE', '/sandbox/faults/{}'],
  ];
  const ask = (method: string, path: string, spelled: string) =>
    test.call(method, path.replaceAll('{}', spelled), method === 'PUT' ? { sqlQuery: SQL, ...schedule() } : undefined);
  const MORE = [
    ...AWKWARD.filter((text) => text.length < 1000),
    'x'.repeat(3000),
    'ä'.repeat(64),
    'amc:99999999999999999999',
    Buffer.from(`amc:${'9'.repeat(400)}`).toString('base64url'),
  ];

  it.each(PATHS)('%s %s answers whatever is spelled there', async (method, path) => {
    for (const text of MORE) {
      const { status } = await ask(method, path, encodeURIComponent(text));
      expect([text, ANSWERS.concat(405)]).toEqual([text, expect.arrayContaining([status])]);
    }
    // Node.js itself refuses a URL that is longer than all headers may be.
    expect((await ask(method, path, 'x'.repeat(100_000))).status).toBe(431);
  });

  it.each(PATHS)('%s %s refuses percent signs that spell nothing, or what no database keeps', async (method, path) => {
    for (const spelled of ['%', '%zz', '%c3', '%ff', '%ed%a0%80', '%00', 'a%00b'])
      expect([spelled, (await ask(method, path, spelled)).status]).toEqual([spelled, 400]);
  });

  it.each([
    [
      'minCreationTime',
      ['yesterday', '2026-03-02', '2026-02-30T00:00:00', '2026-13-01T00:00:00', '2026-03-02T24:00:00', '0000-01-01T00:00:00'],
    ],
    ['maxCreationTime', ['yesterday', '2026-03-02', '2026-04-31T00:00:00', '2026-03-02T23:60:00', '2026-03-02T00:00:60']],
    ['timeZone', ['Mars/Olympus', '+02:00', 'europe/berlin', 'PST']],
    ['limit', ['0', '-1', '101', '1.5', '1e1', 'many', ' ']],
    ['nextToken', ['x', '%20', 'YW1jOjE']],
    ['includeWorkflow', ['maybe', '1']],
    ['sortAscending', ['maybe', '1']],
    ['includeCancelled', ['maybe', '1']],
  ])('a list of executions refuses a wrong %s', async (name, values) => {
    for (const value of values) {
      const { status, body } = await test.reporting('GET', `/workflowExecutions?workflowId=known&${name}=${encodeURIComponent(value)}`);
      expect([value, status, body]).toEqual([value, 400, { code: '400', details: expect.stringContaining(name) }]);
    }
  });
});

it.each([
  ['/clock', 'advanceDays'],
  ['/clock', 'advanceMs'],
  ['/clock', 'timeFactor'],
  ['/behaviour', 'resultFiles'],
  ['/behaviour', 'wrapped'],
  ['/faults', 'name'],
])('the control route %s refuses a %s that is none', async (path, name) => {
  // Time may pass as quickly as anyone likes.
  const values = ['x', -1, '1', [], {}, ...(name === 'timeFactor' ? [] : [1e300])];
  for (const value of values) {
    const answer = await test.call('POST', `/sandbox${path}`, { [name]: value });
    expect([value, answer.status]).toEqual([value, 400]);
  }
  for (const text of ILLEGIBLE) expect((await test.call('POST', `/sandbox${path}`, { [name]: text, [text]: 1 })).status).toBe(400);
});

it('a Host that is none, and secrets in other letters, are refused', async () => {
  await test.control('POST', '/clock', { timeFactor: 100_000 });
  const { execution } = await test.execute({ workflow: { sqlQuery: SQL }, ...WINDOW });
  await test.control('POST', '/clock', { timeFactor: 1 });
  const path = `${BASE}/workflowExecutions/${String(execution.workflowExecutionId)}`;
  const get = (url: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) =>
      httpRequest(`${test.sandbox.url}${url}`, { headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end(),
    );
  const tidy = {
    authorization: `Bearer ${test.token}`,
    'amazon-advertising-api-clientid': SANDBOX_CLIENT_ID,
    'amazon-advertising-api-advertiserid': 'ENTITYSANDBOX',
    'amazon-advertising-api-marketplaceid': 'ATVPDKIKX0DER',
  };
  expect(await get(`${path}/downloadUrls`, tidy)).toBe(200);
  expect(await get(`${path}/downloadUrls`, { ...tidy, host: 'a b' })).toBe(400);
  expect(await get(`/results/a/b/c?X-Amz-Signature=${'%C3%A4'.repeat(64)}`, {})).toBe(403);
  expect(await get('/sandbox/clock', { 'x-sandbox-admin': 'ä'.repeat(test.sandbox.adminToken.length) })).toBe(403);
});

it('reads what it kept of all this after a restart, and its schedules fire', async () => {
  await test.control('POST', '/clock', { advanceDays: 8, timeFactor: 100_000 });
  await test.restart({ timeFactor: 100_000 });
  for (const list of [
    'workflows',
    'schedules',
    'workflowExecutions?minCreationTime=2026-01-01T00:00:00&includeWorkflow=true&includeCancelled=true',
  ]) {
    for (let token: string | undefined = ''; token !== undefined;) {
      const { status, body } = await test.reporting('GET', `/${list}${list.includes('?') ? '&' : '?'}nextToken=${token}`);
      expect([list, status]).toEqual([list, 200]);
      token = body.nextToken as string | undefined;
    }
  }
  const { body } = await test.reporting('GET', '/workflowExecutions?workflowId=known&minCreationTime=2026-03-20T13:00:00');
  expect(body.executions).not.toEqual([]);
  test.token = await newToken(test.sandbox.url);
});
