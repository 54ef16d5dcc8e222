import type { ImportedWeek } from '../../engine/collect/import/import-week.ts';
import { importText } from './import-text.ts';

const week = (more: Partial<ImportedWeek>): ImportedWeek => ({
  week: '2026-03-02',
  outcome: 'new',
  rows: 1200,
  rowsAdded: 1200,
  rowsChanged: 0,
  rowsVanished: 0,
  missing: [],
  note: null,
  changes: [],
  ...more,
});
const text = (weeks: ImportedWeek[], dryRun = false) => importText({ dataset: 'd', instance: 'i', dryRun, weeks });

test('weeks with what changed, and how many were imported', () => {
  const said = text([week({}), week({ week: '2026-03-09', outcome: 'unchanged', rowsAdded: 0 })]);
  expect(said).toMatch(/2026-03-02 +1,200 +1,200 +0 +0 +new\n/);
  expect(said).toMatch(/2026-03-09 .*as served\n/);
  expect(said).toMatch(/Imported 2 weeks\.$/);
  expect(text([week({})], true)).toMatch(/Nothing was written \(--dry-run\)\.$/);
});

test('a part of a week is no imported week: what is missing, and both ways out', () => {
  const said = text([
    week({}),
    week({ week: '2026-03-09', outcome: 'waiting', missing: ['2026-03-15'] }),
    week({ week: '2026-03-16', outcome: 'left', note: 'what is served stays', missing: ['2026-03-21', '2026-03-22'] }),
  ]);
  expect(said).toContain('waits for its other days');
  expect(said).toContain('left as it is: what is served stays');
  expect(said).toContain('Imported 1 week.');
  expect(said).toContain('  2026-03-09 lacks 2026-03-15\n  2026-03-16 lacks 2026-03-21, 2026-03-22');
  expect(said).toMatch(/Import a file that has these days.*--empty-days 2026-03-15,…$/);
});
