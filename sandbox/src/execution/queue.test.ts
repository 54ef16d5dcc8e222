import { randomUUID } from 'node:crypto';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';
import { loadExecutions } from './execution-store.ts';
import { ExecutionQueue } from './queue.ts';
import type { Execution } from './record.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 1 });
});
afterAll(() => test.stop());

/** An execution that exists, without an HTTP request. */
async function anExecution(): Promise<Execution> {
  const { execution } = await test.sql('SELECT SUM(clicks) AS n FROM sponsored_ads_traffic');
  const stored = await loadExecutions(test.owner);
  const found = stored.find((one) => one.id === execution.workflowExecutionId);
  if (!found) throw new Error('The execution is not stored');
  const { computed: _computed, ...record } = found;
  return { ...record, id: randomUUID(), sequence: 1_000_000 + stored.length, status: 'PENDING', createdWall: Date.now() };
}

it.each([
  ['compute', 'FAILED'],
  ['validate', 'REJECTED'],
] as const)('a query under which the database goes down again and again is given up while it is to %s', async (step, status) => {
  let asked = 0;
  const goesDown = (): Promise<never> => {
    asked++;
    return Promise.reject(new Error('Connection terminated unexpectedly'));
  };
  const queue = new ExecutionQueue({
    database: { owner: test.owner, reader: test.owner, name: test.databaseName, close: () => Promise.resolve() },
    timeFactor: () => 100_000,
    limits: () => ({ runningPerInstance: 10, runningPerAccount: 10 }),
    now: () => new Date(),
    validate: step === 'validate' ? goesDown : () => Promise.resolve(undefined),
    compute: step === 'compute' ? goesDown : () => Promise.resolve(),
    onError: () => undefined,
  });
  const execution = await anExecution();
  await queue.add(execution);
  while (execution.status === 'PENDING' || execution.status === 'RUNNING') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    queue.advance();
  }
  expect([execution.status, execution.statusReason, asked]).toEqual([
    status,
    'Execution failed: the query needs more than the sandbox has',
    3,
  ]);
  await queue.close();
});
