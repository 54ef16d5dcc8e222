import { join } from 'node:path';
import { checkColumns } from './check/columns.ts';
import { checkMetrics } from './check/metrics.ts';
import { checkQuality } from './check/quality.ts';
import type { Report } from './check/report.ts';
import { checkSql } from './check/sql.ts';
import { checkTables } from './check/tables.ts';
import { checkWindows } from './check/windows.ts';
import { datasetSchema, type Dataset } from './dataset.ts';
import { withWindows } from './windows.ts';
import { fromTheTop, refuse, type Mistake } from './mistake.ts';
import { withTodaysKeys } from './renamed-keys.ts';
import { readYamlFile, schemaMistakes, yamlFilesIn, type YamlFile } from './yaml-file.ts';

/** The datasets that come with the product. */
export const SHIPPED_DATASETS = join(import.meta.dirname, 'datasets');

/** Versions that came with the product before, for databases that hold weeks of them. */
const RETIRED_DATASETS = join(SHIPPED_DATASETS, 'retired');

interface Loaded {
  readonly dataset: Dataset;
  readonly directory: string;
  readonly source: YamlFile;
}

/**
 * Reads every *.yaml of the directories (earlier ones own their dataset names) and checks them.
 * @throws CollectorError config_invalid with all mistakes of all files, each with file, line and path
 */
export async function loadDatasets(directories: readonly string[]): Promise<Dataset[]> {
  const mistakes: Mistake[] = [];
  const loaded: Loaded[] = [];
  for (const directory of directories) {
    const files = await yamlFilesIn(directory);
    if (!Array.isArray(files)) {
      mistakes.push(files);
      continue;
    }
    for (const file of files) {
      const result = await loadDataset(file);
      if (!('dataset' in result)) {
        mistakes.push(...result);
        continue;
      }
      for (const dataset of withWindows(result.dataset)) {
        mistakes.push(...checkName(dataset, directory, result.source, loaded));
        loaded.push({ dataset, source: result.source, directory });
      }
    }
  }
  if (mistakes.length > 0) refuse('The datasets cannot be used', mistakes);
  return loaded.map((entry) => entry.dataset);
}

/**
 * Earlier versions of shipped datasets: all of them, or those that are among `held`. Nothing is collected with them unless a collection
 * was, so a database that never had one gets no tables for it.
 */
export async function loadRetired(held?: readonly { name: string; version: number }[]): Promise<Dataset[]> {
  const retired = await loadDatasets([RETIRED_DATASETS]);
  return retired.filter(
    ({ dataset, version }) => held === undefined || held.some((each) => each.name === dataset && each.version === version),
  );
}

async function loadDataset(file: string): Promise<Mistake[] | { dataset: Dataset; source: YamlFile }> {
  const source = await readYamlFile(file);
  if (Array.isArray(source)) return source;
  const today = withTodaysKeys(source);
  const parsed = datasetSchema.safeParse(today.data);
  if (!parsed.success) return fromTheTop([...today.mistakes, ...schemaMistakes(source, parsed.error.issues)]);
  const mistakes = fromTheTop([...today.mistakes, ...checkDataset(parsed.data, source)]);
  return mistakes.length > 0 ? mistakes : { dataset: parsed.data, source };
}

function checkDataset(dataset: Dataset, source: YamlFile): Mistake[] {
  const mistakes: Mistake[] = [];
  const report: Report = (path, message) => mistakes.push(source.mistake(path, message));
  for (const check of [checkSql, checkColumns, checkMetrics, checkTables, checkWindows, checkQuality]) check(dataset, report);
  return mistakes;
}

/** A version exists once, and a name belongs to one directory: a copy of a shipped dataset never takes its place unnoticed. */
function checkName(dataset: Dataset, directory: string, source: YamlFile, before: readonly Loaded[]): Mistake[] {
  const foreign = before.find((entry) => entry.dataset.dataset === dataset.dataset && entry.directory !== directory);
  if (foreign) {
    return [
      source.mistake(['dataset'], `the name '${dataset.dataset}' belongs to ${foreign.source.file}; give your copy a name of its own`),
    ];
  }
  const twin = before.find((entry) => entry.dataset.dataset === dataset.dataset && entry.dataset.version === dataset.version);
  return twin
    ? [
        source.mistake(
          ['version'],
          `version ${dataset.version} of '${dataset.dataset}' is in ${twin.source.file} already; raise the version`,
        ),
      ]
    : [];
}
