import type { CrashPoint } from '../../../ground/crash-point.ts';
import { runsOf } from '@amc-reports/test-support/crash/runs.ts';
import { SCENARIOS, type Scenario } from '@amc-reports/test-support/crash/scenarios.ts';
import { openStage, rehearse, type Play, type Stage } from '@amc-reports/test-support/crash/stage.ts';
import { expectNothingLost, over } from '@amc-reports/test-support/crash/verdict.ts';

let play: Play;
let stage: Stage;

beforeAll(async () => {
  play = await rehearse();
});
afterAll(() => play.sandbox.close());
beforeEach(async () => {
  stage = await openStage(play);
});
afterEach(async () => {
  await play.sandbox.clearFaults();
  await stage.bench.drop();
});

test.each(Object.entries(SCENARIOS) as [CrashPoint, Scenario][])(
  'killed at %s, the next worker finishes: equal totals, nothing bought twice, no slot left behind',
  async (point, scenario) => {
    const { bench } = stage;
    const id = await scenario.prepare(stage);
    const before = await bench.totals();
    const victim = await scenario.victim(stage, point, 'kill');
    expect(await victim.ended).toBe('SIGKILL');
    const runs = await runsOf(bench);
    expect({ evidence: scenario.evidence(runs, (await bench.bought()).length), runs }).toMatchObject({ evidence: true });

    await scenario.repeat?.(stage);
    await bench.work(over(bench, id, scenario.ending));
    await expectNothingLost(stage, scenario, before);
  },
);
