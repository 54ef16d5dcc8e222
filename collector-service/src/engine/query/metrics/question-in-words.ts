import type { Filter } from '../../../contract/query.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import { windowTitle } from '../../../ground/calendar/window.ts';
import { isOfDataset, type Question } from '../ask/question.ts';
import { instanceTitles } from '../ask/scope.ts';
import { shownValue } from '../values/dimension-value.ts';

/** Values of a filter that are named; the others are counted. */
const MOST_VALUES = 3;

/** What a query asks, in one or two sentences: "Spend and ROAS by campaign, in total, from … to …, for Acme US. …" */
export function questionInWords(question: Question, covers: { from: IsoDate; to: IsoDate } | null): string {
  const { query, metrics, dimensions, grain, instances } = question;
  const titles = [...instanceTitles(instances).values()];
  const who = titles.length > MOST_VALUES ? `${titles.length} instances` : and(titles);
  const parts = [
    `${and(metrics.map(({ title }) => title))}${dimensions.length === 0 ? '' : ` by ${and(dimensions.map((name) => titleOf(question, name)))}`}`,
    query.latest ? `in the newest complete ${grain}` : grain === 'total' ? 'in total' : `by ${grain}`,
    ...(covers === null ? [] : [covers.from === covers.to ? `on ${covers.from}` : `from ${covers.from} to ${covers.to}`]),
    ...(who === '' ? [] : [`for ${who}`]),
  ];
  const { window } = question.dataset;
  const more = [...filtersInWords(question), ...shapeInWords(question)];
  if (grain === 'week' && window !== 'week' && window !== 'month')
    more.push(`each point covers the ${windowTitle(window)} that end with its week`);
  return `${parts.join(', ')}.${more.length === 0 ? '' : ` ${capital(more.join('; '))}.`}`;
}

function filtersInWords(question: Question): string[] {
  const filters = question.query.filters.filter(({ values }) => values.length > 0);
  const conditions = [
    ...filters.map((filter) => filterInWords(question, filter)),
    ...question.metricFilters.map(({ metric, operator, value }) => `${metric.title} ${operator} ${value}`),
  ];
  return conditions.length === 0 ? [] : [`only where ${and(conditions)}`];
}

function filterInWords(question: Question, { dimension, operator, values }: Filter): string {
  const known = question.dataset.dimensions.find(({ name }) => name === dimension);
  const shown = values.map((value) => shownValue(known, value));
  const list = shown.length > MOST_VALUES ? `one of ${shown.length} values` : or(shown);
  if (dimension === 'currency' && (operator === '=' || operator === 'in')) return `the advertiser accounts in ${list}`;
  const verb = { '=': 'is', in: 'is', '!=': 'is not', 'not in': 'is not', contains: 'contains' }[operator];
  return `${titleOf(question, dimension)} ${verb} ${list}`;
}

function shapeInWords(question: Question): string[] {
  const { transform, movingAverage, compare, compareTo, limit, others } = question.query;
  const shapes = {
    none: '',
    share: 'as shares of the total',
    cumulative: 'added up from the first',
    moving_average: `each the average of ${movingAverage.points} ${question.grain}s`,
  };
  const comparisons = {
    none: '',
    previous_period: 'compared with the period before',
    previous_year: 'compared with the same weekdays a year before',
    previous_year_dates: 'compared with the same dates a year before',
    custom: `compared with ${compareTo?.from} to ${compareTo?.to}`,
  };
  return [
    shapes[transform],
    comparisons[compare],
    limit === undefined ? '' : `${limited(question, limit)}${others ? ', and all others together' : ''}`,
  ].filter((part) => part !== '');
}

function limited({ order, metrics, query, grain }: Question, limit: number): string {
  const by = order?.by ?? (query.format === 'table' && grain !== 'total' ? 'time' : metrics[0]!);
  if (by === 'time' || 'dimension' in by) return `the first ${limit} by ${by === 'time' ? 'time' : by.dimension}`;
  return `the ${limit} with the ${order?.direction === 'asc' ? 'lowest' : 'highest'} ${by.title}`;
}

function titleOf({ dataset }: Question, name: string): string {
  if (!isOfDataset(name)) return name;
  return dataset.dimensions.find((dimension) => dimension.name === name)?.title.toLowerCase() ?? name;
}

const list = (words: readonly string[], last: string): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
const and = (words: readonly string[]): string => list(words, 'and');
const or = (words: readonly string[]): string => list(words, 'or');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
