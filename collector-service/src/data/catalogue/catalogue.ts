import type { Catalogue as CatalogueContract, Instance } from '../../contract/catalogue.ts';
import { CollectorError } from '../../contract/error.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { WINDOWS } from '../../contract/window.ts';
import type { Dataset, Dimension, Metric } from './dataset.ts';
import { describeDataset } from './describe.ts';
import { nearest } from './nearest.ts';

/** Known to every question, whatever the dataset. */
const COMMON_DIMENSIONS = ['instance', 'currency'];

/** What can be asked: datasets by name, with their metrics and dimensions. Of several versions the newest answers, unless told. */
export class Catalogue {
  /** Every version, as loaded. */
  readonly datasets: readonly Dataset[];
  readonly #newest: ReadonlyMap<string, Dataset>;

  /** @param answering versions that answer instead of the newest, by name */
  constructor(datasets: readonly Dataset[], answering: ReadonlyMap<string, number> = new Map()) {
    this.datasets = datasets;
    const newest = new Map<string, Dataset>();
    for (const dataset of datasets) {
      const known = newest.get(dataset.dataset);
      if (known === undefined || known.version < dataset.version) newest.set(dataset.dataset, dataset);
    }
    for (const dataset of datasets) if (answering.get(dataset.dataset) === dataset.version) newest.set(dataset.dataset, dataset);
    this.#newest = newest;
  }

  /** The same datasets, other versions of which answer. */
  answering(versions: ReadonlyMap<string, number>): Catalogue {
    return versions.size === 0 ? this : new Catalogue(this.datasets, versions);
  }

  /** The newest version, or the given one. @throws CollectorError unknown_dataset with details.suggestions */
  findDataset(name: string, version?: number): Dataset {
    const found =
      version === undefined ? this.#newest.get(name) : this.datasets.find((each) => each.dataset === name && each.version === version);
    if (found !== undefined) return found;
    if (version !== undefined && this.#newest.has(name)) {
      const versions = this.datasets.filter((each) => each.dataset === name).map((each) => String(each.version));
      throw unknown('unknown_dataset', `Dataset '${name}' has no version ${version}; known: ${versions.join(', ')}.`, []);
    }
    throw this.#unknownName('unknown_dataset', 'dataset', name, [...this.#newest.keys()]);
  }

  /** @throws CollectorError unknown_metric with details.suggestions */
  findMetric(dataset: Dataset, name: string): Metric {
    const found = dataset.metrics.find((metric) => metric.name === name);
    if (found !== undefined) return found;
    throw this.#unknownName(
      'unknown_metric',
      'metric',
      name,
      dataset.metrics.map((metric) => metric.name),
      dataset,
    );
  }

  /** A dimension of the dataset ('instance' and 'currency' are none of them). @throws CollectorError unknown_dimension with details.suggestions */
  findDimension(dataset: Dataset, name: string): Dimension {
    const found = dataset.dimensions.find((dimension) => dimension.name === name);
    if (found !== undefined) return found;
    throw this.#unknownName(
      'unknown_dimension',
      'dimension',
      name,
      [...dataset.dimensions.map((dimension) => dimension.name), ...COMMON_DIMENSIONS],
      dataset,
    );
  }

  /**
   * The one dataset that knows all the metrics and dimensions (those of filters included); 'instance' and 'currency' fit everywhere.
   * A dataset that only asks another's query over another window has to be named.
   * @throws CollectorError unknown_metric, unknown_dimension, or unknown_dataset when none or several have them all (suggestions: candidates)
   */
  datasetFor(question: {
    dataset?: string | undefined;
    version?: number | undefined;
    metrics: readonly string[];
    dimensions: readonly string[];
  }): Dataset {
    const dimensions = question.dimensions.filter((name) => !COMMON_DIMENSIONS.includes(name));
    if (question.dataset !== undefined) {
      const dataset = this.findDataset(question.dataset, question.version);
      for (const name of question.metrics) this.findMetric(dataset, name);
      for (const name of dimensions) this.findDimension(dataset, name);
      return dataset;
    }
    const all = [...this.#newest.values()].filter((dataset) => dataset.window_of === undefined);
    const allMetrics = all.flatMap((dataset) => dataset.metrics.map((metric) => metric.name));
    const allDimensions = all.flatMap((dataset) => dataset.dimensions.map((dimension) => dimension.name));
    for (const name of question.metrics)
      if (!allMetrics.includes(name)) throw this.#unknownName('unknown_metric', 'metric', name, allMetrics);
    for (const name of dimensions)
      if (!allDimensions.includes(name)) throw this.#unknownName('unknown_dimension', 'dimension', name, allDimensions);

    const fitting = all.filter((dataset) => knows(dataset, question.metrics, dimensions));
    if (fitting.length === 1)
      return question.version === undefined ? fitting[0]! : this.datasetFor({ ...question, dataset: fitting[0]!.dataset });
    const asked = [...question.metrics, ...dimensions].join(', ') || 'nothing';
    const names = fitting.map((dataset) => dataset.dataset);
    if (names.length > 1)
      throw unknown(
        'unknown_dataset',
        `Several datasets can answer (${asked}): ${names.join(', ')}. Name one in the query's dataset.`,
        names,
      );
    const near = all.filter((dataset) => question.metrics.some((metric) => knows(dataset, [metric], []))).map((dataset) => dataset.dataset);
    throw unknown(
      'unknown_dataset',
      `No one dataset has all of ${asked}. Ask ${near.join(' and ') || 'the datasets'} in separate queries.`,
      near,
    );
  }

  /** The dataset and those that ask the same query over other windows (also_windows), the week first. */
  windowsOf(dataset: Dataset): Dataset[] {
    const base = dataset.window_of ?? dataset.dataset;
    const family = this.datasets.filter((each) => each.version === dataset.version && (each.dataset === base || each.window_of === base));
    return family.sort((a, b) => WINDOWS.indexOf(a.window) - WINDOWS.indexOf(b.window));
  }

  /** Known names nearest to one that is unknown, nearest first. */
  suggest(name: string, known: Iterable<string>): string[] {
    return nearest(name, known);
  }

  /** The catalogue as the API gives it: the newest version of each dataset, by name. */
  toContract(instances: readonly Instance[]): CatalogueContract {
    const names = [...this.#newest.keys()].sort();
    return { datasets: names.map((name) => describeDataset(this.#newest.get(name)!)), instances: [...instances] };
  }

  #unknownName(code: ErrorCode, what: string, name: string, known: string[], dataset?: Dataset): CollectorError {
    const suggestions = nearest(name, known);
    const where = dataset === undefined ? '' : ` in dataset '${dataset.dataset}'`;
    const unique = [...new Set(known)].sort();
    const hint =
      suggestions.length > 0
        ? `Did you mean ${suggestions.map((each) => `'${each}'`).join(' or ')}?`
        : `Known: ${unique.slice(0, 20).join(', ')}${unique.length > 20 ? ', …' : ''}.`;
    return unknown(code, `There is no ${what} '${name}'${where}. ${hint}`, suggestions);
  }
}

function knows(dataset: Dataset, metrics: readonly string[], dimensions: readonly string[]): boolean {
  return (
    metrics.every((name) => dataset.metrics.some((metric) => metric.name === name)) &&
    dimensions.every((name) => dataset.dimensions.some((dimension) => dimension.name === name))
  );
}

const unknown = (code: ErrorCode, message: string, suggestions: string[]) =>
  new CollectorError(code, message, { details: { suggestions } });
