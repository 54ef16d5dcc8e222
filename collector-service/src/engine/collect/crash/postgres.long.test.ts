import type { CrashPoint } from '../../../ground/crash-point.ts';
import { makeTemplate } from '@amc-reports/test-support/template.ts';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { startMortalPostgres, type MortalPostgres } from '@amc-reports/test-support/crash/mortal-postgres.ts';
import { runsOf } from '@amc-reports/test-support/crash/runs.ts';
import { SCENARIOS, type Scenario } from '@amc-reports/test-support/crash/scenarios.ts';
import { openStage, rehearse, type Play, type Stage } from '@amc-reports/test-support/crash/stage.ts';
import { expectNothingLost, over } from '@amc-reports/test-support/crash/verdict.ts';

let postgres: MortalPostgres;
let play: Play;
let stage: Stage;

beforeAll(async () => {
  play = await rehearse();
  // The sandbox stays where it is; the collectors' databases of these tests live on a server that dies.
  postgres = await startMortalPostgres();
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

test.each(Object.entries(SCENARIOS) as [CrashPoint, Scenario][])(
  'PostgreSQL stopped immediately at %s and started again: the same process goes on, equal totals, nothing bought twice',
  async (point, scenario) => {
    const { bench } = stage;
    const id = await scenario.prepare(stage);
    const before = await bench.totals();
    const firstStart = await startedAt();
    const victim = await scenario.victim(stage, point, 'stop');
    try {
      await victim.stopped;
      const runs = await runsOf(bench);
      expect({ evidence: scenario.evidence(runs, (await bench.bought()).length), runs }).toMatchObject({ evidence: true });
      await postgres.strike('SIGQUIT');
      await postgres.revive();
      expect(await startedAt()).not.toBe(firstStart);
      victim.kill('SIGCONT');

      if (scenario.repeat) {
        // A command does not try again by itself: it fails with the reason, and a person repeats it.
        expect(await victim.ended).toBe(1);
        expect(victim.log()).toContain('database_unavailable');
        await scenario.repeat(stage);
        await bench.work(over(bench, id, scenario.ending));
      } else {
        await eventually(over(bench, id, scenario.ending));
        victim.kill('SIGTERM');
        expect(await victim.ended).toBe(0);
      }
    } finally {
      victim.kill('SIGKILL');
    }
    await expectNothingLost(stage, scenario, before);
  },
);
