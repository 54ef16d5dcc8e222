import type { CrashPoint } from '../../../ground/crash-point.ts';
import { makeTemplate } from '@amc-reports/test-support/template.ts';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { startMortalPostgres, type MortalPostgres } from '@amc-reports/test-support/crash/mortal-postgres.ts';
import { runsOf } from '@amc-reports/test-support/crash/runs.ts';
import { SCENARIOS } from '@amc-reports/test-support/crash/scenarios.ts';
import { openStage, rehearse, type Play, type Stage } from '@amc-reports/test-support/crash/stage.ts';
import { expectNothingLost, over } from '@amc-reports/test-support/crash/verdict.ts';

/** One of each step of a week. Every point is struck with another database's outage in postgres.long.test.ts. */
const POINTS = [
  'claim.beforeCommit',
  'create.afterSend',
  'poll.beforeCommit',
  'lease.beforeRenewal',
  'download.insidePart',
  'merge.insideCopy',
  'merge.beforeCommit',
  'merge.afterCommit',
] as const satisfies readonly CrashPoint[];

let postgres: MortalPostgres;
let play: Play;
let stage: Stage;

beforeAll(async () => {
  play = await rehearse();
  postgres = await startMortalPostgres({ supervised: true });
  process.env.TEST_POSTGRES_URL = postgres.adminUrl;
  process.env.TEST_MIGRATED_URL = await makeTemplate(postgres.adminUrl);
});
afterAll(async () => {
  await play.sandbox.close();
  await postgres.destroy();
});
beforeEach(async () => {
  stage = await openStage(play);
});
afterEach(async () => {
  await play.sandbox.clearFaults();
  await stage.bench.drop();
});

const startedAt = async (): Promise<string> =>
  (await stage.bench.query<{ at: string }>('SELECT pg_postmaster_start_time()::text AS at'))[0]!.at;

test.each(POINTS)(
  'the embedded PostgreSQL killed at %s comes back by itself: the same process goes on, equal totals, nothing bought twice',
  async (point) => {
    const { bench } = stage;
    const scenario = SCENARIOS[point]!;
    const id = await scenario.prepare(stage);
    const before = await bench.totals();
    const firstStart = await startedAt();
    const victim = await scenario.victim(stage, point, 'stop');
    try {
      await victim.stopped;
      const runs = await runsOf(bench);
      expect({ evidence: scenario.evidence(runs, (await bench.bought()).length), runs }).toMatchObject({ evidence: true });
      await postgres.strike('SIGKILL');
      // Nobody starts it but its supervisor, while the worker already tries to go on.
      victim.kill('SIGCONT');
      await postgres.revive();
      expect(await startedAt()).not.toBe(firstStart);
      await eventually(over(bench, id, scenario.ending));
      victim.kill('SIGTERM');
      expect(await victim.ended).toBe(0);
    } finally {
      victim.kill('SIGKILL');
    }
    await expectNothingLost(stage, scenario, before);
  },
);
