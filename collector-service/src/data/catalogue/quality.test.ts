import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { definitionHash } from '../store/dataset-tables.ts';
import type { Dataset, DatasetFile } from './dataset.ts';
import { loadDatasets, SHIPPED_DATASETS } from './load.ts';

/** A copy of the shipped dataset with these quality rules. */
async function load(quality: unknown): Promise<Dataset> {
  const directory = await mkdtemp(join(tmpdir(), 'quality-'));
  const file = parse(await readFile(join(SHIPPED_DATASETS, 'campaign_performance.yaml'), 'utf8')) as DatasetFile;
  await writeFile(join(directory, 'mine.yaml'), stringify({ ...file, dataset: 'mine', quality }));
  return (await loadDatasets([directory]))[0]!;
}

test('a dataset that says nothing has every rule at its default', async () => {
  expect((await load(undefined)).quality).toEqual({
    added_columns: { severity: 'warn' },
    negative_values: { severity: 'hold', except: [] },
    impossible_values: { severity: 'hold', at_most: [], needs: [] },
    unknown_currency: { severity: 'warn' },
    zero_rows: { severity: 'hold' },
    lost_total: { severity: 'hold' },
    vanished_rows: { severity: 'hold', at_most: 0.5 },
    moved_after_final: { severity: 'hold', at_most: 0.02 },
    jump: { severity: 'hold', factor: 5, weeks: 8, at_least_weeks: 4, at_least: 100 },
    few_rows: { severity: 'warn', part: 0.6, at_least: 20 },
    missing_days: { severity: 'warn' },
  });
});

test('a rule is turned off with one word, and settings leave the others alone', async () => {
  const { quality } = await load({ jump: 'off', zero_rows: false, vanished_rows: { at_most: 0.2 }, lost_total: { severity: 'warn' } });
  expect(quality).toMatchObject({
    jump: { severity: 'off', factor: 5 },
    zero_rows: { severity: 'off' },
    vanished_rows: { severity: 'hold', at_most: 0.2 },
    lost_total: { severity: 'warn' },
    negative_values: { severity: 'hold' },
  });
});

test('rules about weeks that are served already mark and do not hold', async () => {
  expect((await load({ few_rows: 'off', missing_days: false })).quality).toMatchObject({
    few_rows: { severity: 'off' },
    missing_days: { severity: 'off' },
  });
  await expect(load({ few_rows: { severity: 'hold' } })).rejects.toThrow();
});

test.each([
  [{ jmp: 'off' }, 'quality.jmp: unknown key'],
  [{ jump: { factor: 1 } }, 'quality.jump.factor'],
  [{ vanished_rows: { at_most: 2 } }, 'quality.vanished_rows.at_most'],
  [{ zero_rows: 'maybe' }, 'quality.zero_rows'],
  [{ zero_rows: { severity: 'shout' } }, 'quality.zero_rows.severity'],
  ['off', 'quality'],
  [{ negative_values: { except: ['click'] } }, "no number column is stored as 'click'; did you mean 'clicks'"],
  [{ impossible_values: { at_most: [['clicks', 'campaign']] } }, "no number column is stored as 'campaign'"],
  [{ impossible_values: { at_most: [['clicks', 'clicks']] } }, "'clicks' is compared with itself"],
  [{ impossible_values: { at_most: [['sales', 'clicks']] } }, 'money cannot be compared with a count'],
  [{ impossible_values: { at_most: [['clicks']] } }, 'quality.impossible_values.at_most[0]'],
  [{ jump: { weeks: 3 } }, 'more than the 3 weeks that are looked at'],
])('rules of %j are refused with %s', async (quality, says) => {
  await expect(load(quality)).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(says) });
});

test('rules may change within a version, since they decide nothing about what is stored', async () => {
  expect(definitionHash(await load({ jump: 'off' }))).toBe(definitionHash(await load(undefined)));
});
