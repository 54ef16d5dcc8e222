import type { ComboboxOption } from '@grafana/ui';
import { dimensionsOf, type Catalogue, type Dataset, type Metric } from '../catalogue';
import type { AmcQuery } from '../query';
import { words } from '../words';
import { betters, units } from './labels';

export const datasetOptions = (catalogue: Catalogue): ComboboxOption[] =>
  catalogue.datasets.map(({ name, title, description }) => ({ value: name, label: title, description }));

const people = () => words('unit.people', 'People');
const FAMILIES: ReadonlyArray<Metric['unit'] | 'people'> = ['currency', 'count', 'ratio', 'percent', 'people'];
const familyOf = ({ kind, unit }: Metric) => (kind === 'distinct' ? 'people' : unit);

/** Metrics by what they count, each with what it means, its formula and which direction is good. The box searches label and description. */
export function metricOptions(datasets: readonly Dataset[]): ComboboxOption[] {
  const metrics = new Map(datasets.flatMap((dataset) => dataset.metrics.map((metric) => [metric.name, metric] as const)));
  const labels = { ...units(), people: people() };
  return FAMILIES.flatMap((family) =>
    [...metrics.values()]
      .filter((metric) => familyOf(metric) === family)
      .map((metric) => ({ value: metric.name, label: metric.title, description: metricText(metric), group: labels[family] })),
  );
}

function metricText({ description, formula, kind, better }: Metric): string {
  const parts = [
    better !== 'neutral' && betters()[better],
    kind === 'distinct' && words('metric.people', 'never added up'),
    formula ? `${description} (${formula})` : description,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Metrics that the query makes itself, to order, filter and draw goals by. */
export const calculatedOptions = (query: AmcQuery): ComboboxOption[] =>
  (query.calculated ?? [])
    .filter(({ name }) => name !== '')
    .map(({ name, title, expression }) => ({ value: name, label: title ?? name, description: expression }));

/**
 * What the query can be grouped or filtered by. What cannot be chosen beside the rest of the query stands at the end, disabled, with
 * the reason: a count of people has only the breakdowns that Amazon counted, and some dimensions belong to other datasets.
 */
export function dimensionOptions(catalogue: Catalogue, candidates: readonly Dataset[], chosen: readonly string[]): ComboboxOption[] {
  const own = new Map(candidates.flatMap((dataset) => dimensionsOf(dataset).map((dimension) => [dimension.name, dimension] as const)));
  const offered = [...own.values()].map(({ name, title, description }) =>
    candidates.some((dataset) => canJoin(dataset, name, chosen))
      ? { value: name, label: title, description }
      : { value: name, label: title, description: notTogether(candidates, chosen), infoOption: true },
  );
  const others = new Map(
    catalogue.datasets
      .filter(({ windowOf }) => windowOf === undefined)
      .flatMap((dataset) =>
        dataset.dimensions.filter(({ name }) => !own.has(name)).map((dimension) => [dimension.name, { ...dimension, of: dataset.title }]),
      ),
  );
  const elsewhere = [...others.values()].map(({ name, title, of }) => ({
    value: name,
    label: title,
    description: words('dimension.elsewhere', 'Not in this dataset; {{dataset}} has it', { dataset: of }),
    infoOption: true,
  }));
  const usable = offered.filter((option) => !('infoOption' in option));
  return [...usable, ...offered.filter((option) => 'infoOption' in option), ...elsewhere];
}

/** Whether a dimension can stand beside those chosen. 'instance' and 'currency' can everywhere: they are no part of a level. */
function canJoin({ levels, dimensions }: Dataset, name: string, chosen: readonly string[]): boolean {
  const counted = new Set(dimensions.map((dimension) => dimension.name));
  const asked = [...chosen, name].filter((each) => counted.has(each));
  return !levels || levels.some((level) => asked.every((each) => level.includes(each)));
}

function notTogether(candidates: readonly Dataset[], chosen: readonly string[]): string {
  const titles = new Map(candidates.flatMap((dataset) => dimensionsOf(dataset).map(({ name, title }) => [name, title] as const)));
  const beside = chosen.map((name) => titles.get(name) ?? name).join(', ');
  return beside === ''
    ? words('dimension.never', 'People were not counted by it')
    : words('dimension.not-together', 'People were not counted by it together with {{beside}}', { beside });
}

export const instanceOptions = (catalogue: Catalogue): ComboboxOption[] =>
  catalogue.instances.map(({ instance, name, currencies, timeZone }) => ({
    value: instance,
    label: name,
    description: [instance, timeZone, ...currencies].join(' · '),
  }));

/** The dashboard's variables, offered after the real choices. */
export const variableOptions = (names: readonly string[]): ComboboxOption[] =>
  names.map((name) => ({ value: name, label: name, description: words('variable.option', 'Dashboard variable') }));

/** What is chosen, in the order chosen; a name that is no longer offered keeps its place and shows as it is. */
export const chosen = (values: readonly string[] | undefined, options: readonly ComboboxOption[]): ComboboxOption[] =>
  (values ?? []).map((value) => options.find((option) => option.value === value) ?? { value, label: value });
