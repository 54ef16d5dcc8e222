import type { ComboboxOption } from '@grafana/ui';
import { dimensionsOf, type Catalogue, type Dataset, type Metric } from '../catalogue';

const UNIT: Readonly<Record<Metric['unit'], string>> = { currency: 'money', count: 'count', percent: 'percent', ratio: 'ratio' };

export const datasetOptions = (catalogue: Catalogue): ComboboxOption[] =>
  catalogue.datasets.map(({ name, title, description }) => ({ value: name, label: title, description }));

/** Metrics with what they mean; ratios with their formula. The box searches label and description. */
export const metricOptions = (dataset: Dataset): ComboboxOption[] =>
  dataset.metrics.map(({ name, title, description, formula, unit, kind }) => ({
    value: name,
    label: title,
    description: formula
      ? `${description} (${formula})`
      : `${description} · ${kind === 'distinct' ? 'people, never added up' : UNIT[unit]}`,
  }));

export const dimensionOptions = (dataset: Dataset): ComboboxOption[] =>
  dimensionsOf(dataset).map(({ name, title, description }) => ({ value: name, label: title, description }));

export const instanceOptions = (catalogue: Catalogue): ComboboxOption[] =>
  catalogue.instances.map(({ instance, name, currencies, timeZone }) => ({
    value: instance,
    label: name,
    description: [instance, timeZone, ...currencies].join(' · '),
  }));

/** The dashboard's variables, offered after the real choices. */
export const variableOptions = (names: readonly string[]): ComboboxOption[] =>
  names.map((name) => ({ value: name, label: name, description: 'Dashboard variable' }));

/** What is chosen, in the order chosen; a name that is no longer offered keeps its place and shows as it is. */
export const chosen = (values: readonly string[] | undefined, options: readonly ComboboxOption[]): ComboboxOption[] =>
  (values ?? []).map((value) => options.find((option) => option.value === value) ?? { value, label: value });

export const named = <T extends string>(labels: Readonly<Record<T, string>>): Array<ComboboxOption<T>> =>
  (Object.entries(labels) as Array<[T, string]>).map(([value, label]) => ({ value, label }));
