import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CRASH_POINTS } from '../../../ground/crash-point.ts';
import { SCENARIOS } from '@amc-reports/test-support/crash/scenarios.ts';

const SOURCE = join(__dirname, '..', '..', '..');

/** Where steps live: whoever writes one there that opens a transaction gives it a crash point, or says here why it needs none. */
const STEPS = [
  'engine/collect',
  'engine/collect/collections',
  'engine/collect/import',
  'engine/collect/jobs',
  'data/store',
  'data/store/merge',
  'product/schedule',
  'product/review',
  'product/backup',
  'product/upkeep',
  'product/upkeep/jobs',
  'product/upkeep/upgrade',
];

const READS = 'it only reads';
const ONE = 'its one transaction is all there is: before the commit nothing happened, after it everything did';
const AGAIN = 'what it does is done again in a minute, or at the next start, with the same outcome';

/** Steps without a crash point, each with the reason. */
const WITHOUT: Record<string, string> = {
  'engine/collect/clock-watch.ts': AGAIN,
  'engine/collect/collections/collectable.ts': READS,
  'engine/collect/collections/ensure.ts': AGAIN,
  'engine/collect/day-limit.ts': AGAIN,
  'engine/collect/jobs/forget.ts': 'a job: it is tried again, and what was removed needs no second time',
  'engine/collect/slots.ts': AGAIN,
  'engine/collect/worker.ts': 'a loop over steps that have crash points of their own',
  'engine/collect/write.ts': 'every step goes through it, and their crash points lie before and after',
  'data/store/protection.ts': ONE,
  'data/store/readable.ts': READS,
  'data/store/row-keys.ts': 'a part of migrate, in one transaction for each table; repeated where it stopped',
  'data/store/pooler.ts': READS,
  'product/schedule/mend.ts': AGAIN,
  'product/schedule/provision.ts': AGAIN,
  'product/schedule/read.ts': READS,
  'product/review/difference.ts': 'the difference is computed again whenever somebody looks',
  'product/backup/backup.ts': READS,
  'product/upkeep/clean-up.ts': AGAIN,
  'product/upkeep/drop-version.ts': 'the trial run only reads; what drops is a decision, with the crash point of ground/decide.ts',
  'product/upkeep/export-files.ts': READS,
  'product/upkeep/stored-file.ts': READS,
  'product/upkeep/upgrade/fill-week.ts': 'a merge like any other, with the crash points of the merge',
  'product/upkeep/upgrade/move.ts': ONE,
  'product/upkeep/upgrade/upgrade.ts': READS,
};

const read = (file: string): string => readFileSync(join(SOURCE, file), 'utf8');
const stepFiles = (): string[] =>
  STEPS.flatMap((folder) =>
    readdirSync(join(SOURCE, folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name}`),
  );
const hasPoint = (source: string): boolean => /\bcrash(Point|Inside)\(/.test(source);
const opensTransaction = (source: string): boolean => /\btransaction\(|'BEGIN/.test(source);

test('every step has a crash point, or a reason to have none', () => {
  const without = stepFiles().filter((file) => opensTransaction(read(file)) && !hasPoint(read(file)));
  expect(without.filter((file) => WITHOUT[file] === undefined)).toEqual([]);
});

test('no reason is kept for a file that is gone or has a crash point by now', () => {
  const files = stepFiles();
  expect(Object.keys(WITHOUT).filter((file) => !files.includes(file) || hasPoint(read(file)) || !opensTransaction(read(file)))).toEqual([]);
});

test('every crash point stands in the source, and once', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'ground/crash-point.ts',
  );
  const source = files.map(read).join('\n');
  const used = [...source.matchAll(/crash(?:Point|Inside)\(([^)]*)/g)].flatMap(([, argument = '']) =>
    [...argument.matchAll(/'([a-z]+\.[A-Za-z]+)'/g)].map(([, name]) => name),
  );
  expect(used.sort()).toEqual([...CRASH_POINTS].sort());
});

test('every crash point is struck by a test', () => {
  const deeds = readFileSync(join(__dirname, 'deeds.test.ts'), 'utf8');
  expect(CRASH_POINTS.filter((point) => !(point in SCENARIOS) && !deeds.includes(`'${point}'`))).toEqual([]);
});
