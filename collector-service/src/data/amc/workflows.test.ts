import { failureOf, INSTANCE, scriptedClient, type ScriptedClient } from '@amc-reports/test-support/amc/scripted-client.ts';

const signal = new AbortController().signal;
const CREATE = 'POST /amc/reporting/amcabc/workflows';
const UPDATE = 'PUT /amc/reporting/amcabc/workflows/w1';
let scripted: ScriptedClient;
beforeEach(async () => (scripted = await scriptedClient()));
afterEach(() => scripted.close());
const put = () => scripted.client.workflows.put(INSTANCE, { workflowId: 'w1', sqlQuery: 'SELECT 1', filteredColumn: 'filtered' }, signal);
const empty = { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: '{}' };

test('a workflow is created with an explicit output format and the discriminator, and no time window', async () => {
  scripted.amc.on(CREATE, empty);
  await put();
  expect(JSON.parse(scripted.amc.requests[0]!.body)).toEqual({
    workflowId: 'w1',
    sqlQuery: 'SELECT 1',
    outputFormat: { separatorCharacter: ',', quoteCharacter: '"', escapeCharacter: '"' },
    filteredMetricsDiscriminatorColumn: 'filtered',
  });
});

test.each([400, 409, 422])('one that exists already (%i) is updated', async (status) => {
  scripted.amc.on(CREATE, { status, body: '{"code":"400","details":"Workflow with ID w1 already exists."}' });
  scripted.amc.on(UPDATE, { status: 200, body: '' });
  await put();
  expect(scripted.amc.requests.map((seen) => seen.method)).toEqual(['POST', 'PUT']);
  expect(scripted.amc.requests[1]!.body).toBe(scripted.amc.requests[0]!.body);
});

test('any other refusal is not answered with an update', async () => {
  scripted.amc.on(CREATE, { status: 400, body: '{"code":"400","details":"SQL query was invalid"}' });
  expect(await failureOf(put())).toMatchObject({ code: 'amc_rejected_request', message: expect.stringContaining('SQL query was invalid') });
  expect(scripted.amc.requests).toHaveLength(1);
});

test('deleting a workflow that is gone is no error, deleting one in use is', async () => {
  scripted.amc.on(
    'DELETE /amc/reporting/amcabc/workflows/w1',
    { status: 404 },
    { status: 400, body: '{"details":"a schedule refers to it"}' },
  );
  await scripted.client.workflows.delete(INSTANCE, 'w1', signal);
  expect(await failureOf(scripted.client.workflows.delete(INSTANCE, 'w1', signal))).toMatchObject({ code: 'amc_rejected_request' });
});
