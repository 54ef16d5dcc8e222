import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { serveAndHold } from '@amc-reports/test-support/http/held-run.ts';
import { createWorld, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
let runs: string[];
let dataDir: string;
beforeAll(async () => {
  world = await createWorld();
  dataDir = mkdtempSync(join(tmpdir(), 'amc-reports-held-cli-'));
  const json = { instance: 'n1', dataset: 'campaign_performance', weeks: 3 };
  const created = await world.request('/v1/collections', { token: world.tokens.editor, json });
  const { id: collectionId } = (await created.json()) as { id: string };
  const hold = (week: string) =>
    serveAndHold(world, { collectionId, instanceId: world.ids.n1, week }, [{ clicks: '9' }, { campaign_id: '2' }], [{ clicks: '8' }]);
  runs = [await hold('2026-10-26'), await hold('2026-11-02'), await hold('2026-11-09')];
});
afterAll(async () => {
  await world.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const held = (...args: string[]) => {
  const env = { PATH: '/usr/bin:/bin', DATABASE_URL: world.store.pool.options.connectionString!, DATA_DIR: dataDir, WORKSPACE: 'north' };
  return spawnSync(process.execPath, [join(__dirname, 'collector.ts'), 'held', ...args], { encoding: 'utf8', env });
};

it('lists what waits, shows totals and rows, and says how to decide', () => {
  const list = held('list');
  expect([list.status, list.stderr]).toEqual([0, '']);
  for (const run of runs) expect(list.stdout).toMatch(new RegExp(`^${run} .* n1 .*waits +lost_total$`, 'm'));
  const show = held('show', runs[0]!);
  expect(show.stdout).toContain('lost_total: Spend fell to 0.');
  expect(show.stdout).toMatch(/clicks +19 +8 +-57\.9 %/);
  expect(show.stdout).toContain(`collector held accept|keep|run-again ${runs[0]}`);
  const diff = held('diff', runs[0]!);
  expect(diff.stdout).toContain('4 vanished');
  expect(diff.stdout).toContain('clicks 9 → 8');
});

it('tells what is one question, and decides about what meets conditions', () => {
  const asked = held('questions');
  expect(asked.stdout).toMatch(/n1 +campaign_performance +3: 2026-10-26 to 2026-11-09 +some +lost_total +\d+$/m);
  const reason = ['--reason', 'a trial'];
  const trial = held('keep', '--where', 'rule=lost_total,from=2026-11-02', '--dry-run', ...reason);
  expect([trial.status, trial.stdout]).toEqual([0, expect.stringContaining('It would be about 2 weeks; nothing was decided.')]);
  expect(trial.stdout).toContain(`run ${runs[2]}: n1, week of 2026-11-09`);
  expect(held('keep', '--where', 'rule=jump', ...reason)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Set aside: 0 weeks.'),
  });
  expect(held('keep', '--where', 'weeks=3', ...reason).stderr).toContain("There is no condition 'weeks'; there are collection, instance,");
  expect(held('keep', '--where', 'from=soon', ...reason).stderr).toContain('from: ');
  expect(held('keep', ...reason)).toMatchObject({ status: 1, stderr: expect.stringContaining('Name either a run or conditions') });
  expect(held('list').stdout.match(/waits/g)).toHaveLength(3);
});

it('decides in the name of the system’s user, or of the one that is named', async () => {
  expect(held('accept', runs[0]!).stderr).toContain("required option '--reason <text>'");
  expect(held('accept', runs[0]!, '--reason', 'fine', '--remember', '5%')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('next free worker'),
  });
  expect(held('keep', runs[1]!, '--reason', 'a mistake', '--as', 'Ada')).toMatchObject({ status: 0 });
  expect(held('run-again', runs[2]!, '--reason', 'unsure')).toMatchObject({ status: 0 });
  const { rows } = await world.store.pool.query("SELECT person, action FROM audit_log WHERE action LIKE 'heldRun.%' ORDER BY id");
  const me = userInfo().username;
  expect(rows).toEqual([
    { person: me, action: 'heldRun.accept' },
    { person: 'Ada', action: 'heldRun.keep' },
    { person: me, action: 'heldRun.runAgain' },
  ]);
  const again = held('keep', runs[1]!, '--reason', 'really');
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('was set aside already by Ada')]);
  expect(held('list').stdout).toContain('No held run waits');
  expect(held('questions').stdout).toContain('No held run waits');
  expect(held('list', '--all').stdout).toMatch(/kept/);
});

it('keeps the rules', () => {
  expect(held('rules', 'list').stdout).toMatch(/campaign_performance +n1 +5 %/);
  const set = held('rules', 'set', '--dataset', 'campaign_performance', '--max-move', '2.5', '--reason', 'late sales');
  expect(set.stdout).toMatch(/\(all\) +2\.5 %/);
  const id = /^(\d+) /m.exec(set.stdout)![1]!;
  expect(held('rules', 'remove', id)).toMatchObject({ status: 0, stdout: expect.stringContaining('every instance') });
  expect(held('rules', 'remove', id)).toMatchObject({ status: 1, stderr: expect.stringContaining('no acceptance rule') });
  expect(held('rules', 'set', '--dataset', 'x', '--max-move', '200', '--reason', 'no').status).toBe(1);
});
