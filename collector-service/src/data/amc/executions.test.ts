import { executionSchema } from './execution.ts';
import { failureOf, INSTANCE, scriptedClient, type ScriptedClient } from '@amc-reports/test-support/amc/scripted-client.ts';
import { validateSql } from './validate-sql.ts';
import { hasWindow } from './window.ts';

const signal = new AbortController().signal;
const EXECUTIONS = '/amc/reporting/amcabc/workflowExecutions';
const window = { start: '2025-03-03', end: '2025-03-10', timeZone: 'America/New_York' };
let scripted: ScriptedClient;
beforeEach(async () => (scripted = await scriptedClient()));
afterEach(() => scripted.close());

/** As Amazon answers a create request, with its keys in alphabetical order. */
const captured = {
  createTime: '2025-03-12T03:11:52Z',
  dataGaps: [],
  disableAggregationControls: false,
  executionCategory: 'AD_HOC',
  lastUpdatedTime: '2025-03-12T03:11:52Z',
  parameterValues: { top: 5 },
  status: 'PENDING',
  timeWindowEnd: '2025-03-10T04:00:00Z',
  timeWindowEndOriginal: '2025-03-10T00:00:00',
  timeWindowStart: '2025-03-03T05:00:00Z',
  timeWindowStartOriginal: '2025-03-03T00:00:00',
  timeWindowTimeZoneOriginal: 'America/New_York',
  workflowExecutionId: 'b3a77999-7c8e-4289-9bf9-5da8f178536c',
  workflowId: 'w1',
};

test('an execution is created with an explicit half-open local window without offset', async () => {
  scripted.amc.on(`POST ${EXECUTIONS}`, { json: captured });
  const execution = await scripted.client.executions.create(INSTANCE, { workflowId: 'w1', window, timeoutSeconds: 900 }, signal);
  expect(JSON.parse(scripted.amc.requests[0]!.body)).toEqual({
    workflowId: 'w1',
    timeWindowType: 'EXPLICIT',
    timeWindowStart: '2025-03-03T00:00:00',
    timeWindowEnd: '2025-03-10T00:00:00',
    timeWindowTimeZone: 'America/New_York',
    workflowExecutionTimeoutSeconds: 900,
  });
  expect(execution).toMatchObject({
    executionId: captured.workflowExecutionId,
    outcome: 'open',
    status: 'PENDING',
    parameterValues: { top: '5' },
    createdAt: captured.createTime,
  });
  expect(hasWindow(execution, window)).toBe(true);
});

test.each([
  ['2025-03-10', '2025-03-03'],
  ['2025-03-03', '2025-03-03'],
  ['2025-03-03T00:00:00', '2025-03-10'],
  ['', ''],
])('a window from %j to %j is a bug and nothing is sent', async (start, end) => {
  const create = async () => scripted.client.executions.create(INSTANCE, { workflowId: 'w1', window: { ...window, start, end } }, signal);
  expect(await failureOf(create())).toMatchObject({ kind: 'bug', details: { sent: false } });
  expect(scripted.amc.requests).toEqual([]);
});

test.each([
  ['PENDING', 'open'],
  ['RUNNING', 'open'],
  ['PUBLISHING', 'open'],
  ['SOMETHING_NEW', 'open'],
  ['SUCCEEDED', 'succeeded'],
  ['succeeded', 'succeeded'],
  ['FAILED', 'failed'],
  ['CANCELLED', 'cancelled'],
  ['REJECTED', 'rejected'],
])('status %s is %s', (status, outcome) => {
  expect(executionSchema.parse({ workflowExecutionId: 'e', status }).outcome).toBe(outcome);
});

test('an execution with next to nothing in it is understood, one without id or status is not', () => {
  expect(
    executionSchema.parse({ workflowExecutionId: 'e', status: 'RUNNING', parameterValues: null, executionTime: 'soon' }),
  ).toMatchObject({
    workflowId: null,
    statusReason: '',
    createdAt: null,
    parameterValues: {},
    computeSeconds: null,
  });
  expect(executionSchema.safeParse({ status: 'RUNNING' }).success).toBe(false);
  expect(executionSchema.safeParse({ workflowExecutionId: 'e' }).success).toBe(false);
});

test('executions are listed since an instant in UTC, cancelled ones included, over all pages', async () => {
  scripted.amc.on(
    `GET ${EXECUTIONS}`,
    { json: { executions: [captured], nextToken: 'p2' } },
    { json: { executions: [{ ...captured, workflowExecutionId: 'e2' }] } },
  );
  const executions = await scripted.client.executions.list(
    INSTANCE,
    { createdSince: new Date('2025-03-12T03:00:00.900Z'), workflowId: 'w1' },
    signal,
  );
  expect(executions.map((execution) => execution.executionId)).toEqual([captured.workflowExecutionId, 'e2']);
  expect(scripted.amc.requests[1]!.query).toEqual({
    minCreationTime: '2025-03-12T03:00:00',
    timeZone: 'UTC',
    workflowId: 'w1',
    includeCancelled: 'true',
    limit: '100',
    nextToken: 'p2',
  });
});

test('one execution is read bare or wrapped, and cancelled by a status', async () => {
  scripted.amc.on(`GET ${EXECUTIONS}/e1`, { json: { workflowExecution: captured } }, { json: captured });
  scripted.amc.on(`PUT ${EXECUTIONS}/e1`, { status: 200, body: '{}' }, { status: 400, body: '{"code":"400","details":"not cancellable"}' });
  expect(await scripted.client.executions.get(INSTANCE, 'e1', signal)).toEqual(
    await scripted.client.executions.get(INSTANCE, 'e1', signal),
  );
  await scripted.client.executions.cancel(INSTANCE, 'e1', signal);
  expect(JSON.parse(scripted.amc.requests[2]!.body)).toEqual({ status: 'CANCELLED' });
  expect(await failureOf(scripted.client.executions.cancel(INSTANCE, 'e1', signal))).toMatchObject({ code: 'amc_rejected_request' });
});

describe('the window of an execution', () => {
  const execution = (fields: object) => executionSchema.parse({ workflowExecutionId: 'e', status: 'RUNNING', ...fields });
  const instants = { timeWindowStart: captured.timeWindowStart, timeWindowEnd: captured.timeWindowEnd };
  test('is recognised by its instants alone, over a daylight-saving change', () => {
    expect(hasWindow(execution(instants), window)).toBe(true);
    expect(hasWindow(execution(instants), { ...window, timeZone: 'UTC' })).toBe(false);
  });
  test.each([
    ['another week', { ...captured, timeWindowStartOriginal: '2025-02-24T00:00:00' }],
    ['a longer one', { ...captured, timeWindowEndOriginal: '2025-03-17T00:00:00' }],
    ['another zone', { ...captured, timeWindowTimeZoneOriginal: 'UTC' }],
    ['another hour', { ...captured, timeWindowStartOriginal: '2025-03-03T01:00:00' }],
    ['no window', {}],
    ['nonsense', { timeWindowStart: 'x', timeWindowEnd: 'y' }],
  ])('is not mistaken for %s', (_, fields) => {
    expect(hasWindow(execution(fields), window)).toBe(false);
  });
});

describe('validating SQL', () => {
  const options = { pollMs: 1, deadlineMs: 60_000 };
  const validate = (more = options) =>
    validateSql(scripted.client, INSTANCE, { sqlQuery: 'SELECT 1', filteredColumn: 'filtered', window }, signal, more);

  test('is a dry run of un-saved SQL whose end is awaited', async () => {
    scripted.amc.on(`POST ${EXECUTIONS}`, { json: { workflowExecutionId: 'e1', status: 'PENDING' } });
    scripted.amc.on(
      `GET ${EXECUTIONS}/e1`,
      { json: { workflowExecutionId: 'e1', status: 'RUNNING' } },
      { json: { workflowExecutionId: 'e1', status: 'SUCCEEDED' } },
    );
    await validate();
    expect(JSON.parse(scripted.amc.requests[0]!.body)).toMatchObject({
      workflow: { sqlQuery: 'SELECT 1', filteredMetricsDiscriminatorColumn: 'filtered', outputFormat: { escapeCharacter: '"' } },
      timeWindowType: 'EXPLICIT',
      dryRun: true,
    });
    expect(scripted.amc.requests).toHaveLength(3);
  });

  test('passes on why Amazon rejected it', async () => {
    scripted.amc.on(`POST ${EXECUTIONS}`, {
      json: { workflowExecutionId: 'e1', status: 'REJECTED', statusReason: 'Unsupported scalar operation type ||' },
    });
    expect(await failureOf(validate())).toMatchObject({
      code: 'execution_rejected',
      kind: 'terminal',
      message: expect.stringContaining('Unsupported scalar operation type ||'),
    });
  });

  test('gives up at its deadline', async () => {
    scripted.amc.on(`POST ${EXECUTIONS}`, { json: { workflowExecutionId: 'e1', status: 'PENDING' } });
    scripted.amc.on(`GET ${EXECUTIONS}/e1`, { json: { workflowExecutionId: 'e1', status: 'PENDING' } });
    expect(await failureOf(validate({ pollMs: 1, deadlineMs: 20 }))).toMatchObject({ code: 'execution_overdue' });
  });

  test('stops when its caller does', async () => {
    scripted.amc.on(`POST ${EXECUTIONS}`, { json: { workflowExecutionId: 'e1', status: 'PENDING' } });
    const caller = new AbortController();
    const given = failureOf(
      validateSql(scripted.client, INSTANCE, { workflowId: 'w1', window }, caller.signal, { pollMs: 600_000, deadlineMs: 600_000 }),
    );
    while (scripted.amc.requests.length === 0) await new Promise(setImmediate);
    caller.abort(new Error('stopping'));
    expect(await given).toMatchObject({ message: 'stopping' });
  });
});
