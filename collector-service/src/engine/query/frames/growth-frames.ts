import type { Field, Frame } from '../../../contract/frame.ts';
import { bucketTime } from '../plan/buckets.ts';
import { shownValue } from '../values/dimension-value.ts';
import { makeFrame, textField, timeField, type FrameType } from './frame.ts';
import { unitConfig } from './grafana-unit.ts';
import { shareOf, type Completeness, type GrowthColumn, type WeekGrowth } from '../weeks/growth.ts';
import { instanceTitles } from '../ask/scope.ts';

/** What the answers about growing weeks have in common. */
export interface GrowthShape {
  refId: string;
  columns: readonly GrowthColumn[];
  meta: Partial<Frame['schema']['meta']>;
  /** More than one instance was asked: answers say which. */
  severalInstances: boolean;
}

const currencyLabel = ({ currency }: GrowthColumn): Record<string, string> =>
  currency === null ? {} : { currency: shownValue(undefined, currency) };

function title({ columns }: GrowthShape, { metric, currency }: GrowthColumn): string {
  const several = columns.filter((each) => each.metric === metric).length > 1;
  return several && currency !== null ? `${metric.title} (${shownValue(undefined, currency)})` : metric.title;
}

function numberField(name: string, displayName: string, column: GrowthColumn | null, config: Field['config']): Field {
  const labels = column === null ? {} : currencyLabel(column);
  return {
    name,
    type: 'number',
    typeInfo: { frame: 'float64', nullable: true },
    ...(Object.keys(labels).length > 0 && { labels }),
    config: { displayNameFromDS: displayName, ...config },
  };
}

const unitOf = ({ metric, currency }: GrowthColumn): Field['config'] =>
  unitConfig(metric, currency === null ? null : shownValue(undefined, currency));
const SHARE = { unit: 'percentunit' };

/** A series per week: time of acceptance, and the value from then on. A point more at each restatement. */
export function growthSeries(shape: GrowthShape, weeks: readonly WeekGrowth[]): Frame[] {
  const titles = instanceTitles(weeks.map(({ instance }) => instance).filter((each, index, all) => all.indexOf(each) === index));
  const frames: Frame[] = [];
  for (const { instance, week, steps } of weeks) {
    shape.columns.forEach((column, index) => {
      const values = steps.map((step) => step.values[index] ?? null);
      if (values.every((value) => value === null)) return;
      const named = shape.columns.length > 1 ? `${title(shape, column)}: ` : '';
      const name = `${named}${shape.severalInstances ? `${titles.get(instance.id) ?? ''} / ` : ''}${week}`;
      const labels = {
        week,
        ...(shape.severalInstances && { instance: titles.get(instance.id) ?? '' }),
        ...currencyLabel(column),
        ...(shape.columns.some(({ metric }) => metric !== column.metric) && { metric: column.metric.name }),
      };
      const field = { ...numberField(column.metric.name, name, null, unitOf(column)), labels };
      const times = steps.map(({ acceptedAt }) => acceptedAt.getTime());
      frames.push(
        makeFrame(shape.refId, 'timeseries-multi', [timeField(), field], [times, values], {
          name,
          ...(frames.length === 0 && { meta: shape.meta }),
        }),
      );
    });
  }
  return frames.length > 0 ? frames : [noData(shape, 'timeseries-multi')];
}

/** A row for each accepted run of each week, newest week first: its age then, the values, and their share of the newest ones. */
export function growthTable(shape: GrowthShape, weeks: readonly WeekGrowth[]): Frame {
  const titles = instanceTitles(weeks.map(({ instance }) => instance).filter((each, index, all) => all.indexOf(each) === index));
  const rows = weeks.flatMap((growth) => growth.steps.map((step) => ({ growth, step, last: growth.steps.at(-1)!.values })));
  const fields: Field[] = [{ ...timeField('week'), config: { displayNameFromDS: 'Week' } }];
  const values: Frame['data']['values'] = [rows.map(({ growth }) => bucketTime(growth.week))];
  if (shape.severalInstances) {
    fields.push(textField('instance', 'Instance'));
    values.push(rows.map(({ growth }) => titles.get(growth.instance.id) ?? ''));
  }
  fields.push(numberField('age_days', 'Age', null, { description: 'Days from the end of the week to the run', unit: 'd' }), {
    ...timeField('accepted_at'),
    config: { displayNameFromDS: 'Accepted' },
  });
  values.push(
    rows.map(({ step }) => step.ageDays),
    rows.map(({ step }) => step.acceptedAt.getTime()),
  );
  shape.columns.forEach((column, index) => {
    fields.push(
      numberField(column.metric.name, title(shape, column), column, { description: column.metric.description, ...unitOf(column) }),
      numberField(`${column.metric.name} share`, `${title(shape, column)}, share of the newest`, column, SHARE),
    );
    values.push(
      rows.map(({ step }) => step.values[index] ?? null),
      rows.map(({ step, last }) => shareOf(step.values[index] ?? null, last[index] ?? null)),
    );
  });
  return makeFrame(shape.refId, 'table', fields, values, { meta: { ...shape.meta, preferredVisualisationType: 'table' } });
}

/** A row for each age: how many weeks were served then, and the middle, lowest and highest share of the last value. */
export function completenessTable(shape: GrowthShape, ages: readonly Completeness[]): Frame {
  const fields = [
    numberField('age_days', 'Age', null, { description: 'Days from the end of the week', unit: 'd' }),
    numberField('weeks', 'Weeks', null, { unit: 'short' }),
  ];
  const values: Frame['data']['values'] = [ages.map(({ ageDays }) => ageDays), ages.map(({ weeks }) => weeks)];
  shape.columns.forEach((column, index) => {
    for (const [key, word] of [
      ['median', 'share'],
      ['lowest', 'lowest share'],
      ['highest', 'highest share'],
    ] as const) {
      fields.push(numberField(`${column.metric.name} ${word}`, `${title(shape, column)}, ${word}`, column, SHARE));
      values.push(ages.map(({ columns }) => columns[index]?.[key] ?? null));
    }
  });
  return makeFrame(shape.refId, 'table', fields, values, { meta: { ...shape.meta, preferredVisualisationType: 'table' } });
}

/** The middle share at each age as a number of its own, for stat panels and rules. */
export function completenessNumbers(shape: GrowthShape, ages: readonly Completeness[]): Frame[] {
  const frames = ages.flatMap(({ ageDays, columns }) =>
    shape.columns.flatMap((column, index): Frame[] => {
      const share = columns[index];
      if (share === null || share === undefined) return [];
      const labels = { age: `${ageDays} days`, ...currencyLabel(column), ...(shape.columns.length > 1 && { metric: column.metric.name }) };
      const name = `${shape.columns.length > 1 ? `${title(shape, column)}, ` : ''}${ageDays} days`;
      const field = { ...numberField(`${column.metric.name} share`, name, null, SHARE), labels };
      return [makeFrame(shape.refId, 'numeric-multi', [field], [[share.median]])];
    }),
  );
  const [first, ...rest] = frames;
  if (first === undefined) return [noData(shape, 'numeric-multi')];
  return [{ ...first, schema: { ...first.schema, meta: { ...first.schema.meta, ...shape.meta } } }, ...rest];
}

const noData = (shape: GrowthShape, type: FrameType): Frame => makeFrame(shape.refId, type, [], [], { meta: shape.meta });
