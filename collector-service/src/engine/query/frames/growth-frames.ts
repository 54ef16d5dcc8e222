import type { Field, Frame } from '../../../contract/frame.ts';
import { bucketTime } from '../plan/buckets.ts';
import type { Completeness, ResultColumn, WeekGrowth, WeekGrowthResult } from '../result.ts';
import { shareOf } from '../weeks/growth.ts';
import { makeFrame, noticesMeta, numberField, textField, timeField, type FrameType } from './frame.ts';
import { unitConfig } from './grafana-unit.ts';

/** What the frames of one answer have in common. */
type Shape = Pick<WeekGrowthResult, 'refId' | 'columns' | 'severalInstances' | 'notices'>;

export function growthFrames(result: WeekGrowthResult): Frame[] {
  if (result.by === 'age')
    return result.format === 'table' ? [completenessTable(result, result.rows)] : completenessNumbers(result, result.rows);
  return result.format === 'table' ? [growthTable(result, result.rows)] : growthSeries(result, result.rows);
}

const currencyLabel = ({ currency }: ResultColumn): Record<string, string> => (currency === null ? {} : { currency });

const SHARE = { unit: 'percentunit' };

/** A series per week: time of acceptance, and the value from then on. A point more at each restatement. */
function growthSeries(shape: Shape, weeks: readonly WeekGrowth[]): Frame[] {
  const frames: Frame[] = [];
  for (const { instance, week, steps } of weeks) {
    shape.columns.forEach((column, index) => {
      const values = steps.map((step) => step.values[index] ?? null);
      if (values.every((value) => value === null)) return;
      const named = shape.columns.length > 1 ? `${column.title}: ` : '';
      const name = `${named}${shape.severalInstances ? `${instance} / ` : ''}${week}`;
      const labels = {
        week,
        ...(shape.severalInstances && { instance }),
        ...currencyLabel(column),
        ...(shape.columns.some(({ metric }) => metric !== column.metric) && { metric: column.metric.name }),
      };
      const field = numberField(column.metric.name, name, labels, unitConfig(column.unit, column.currency));
      const times = steps.map(({ acceptedAt }) => acceptedAt.getTime());
      frames.push(
        makeFrame(shape.refId, 'timeseries-multi', [timeField(), field], [times, values], {
          name,
          ...(frames.length === 0 && { meta: noticesMeta(shape.notices) }),
        }),
      );
    });
  }
  return frames.length > 0 ? frames : [noData(shape, 'timeseries-multi')];
}

/** A row for each accepted run of each week, newest week first: its age then, the values, and their share of the newest ones. */
function growthTable(shape: Shape, weeks: readonly WeekGrowth[]): Frame {
  const rows = weeks.flatMap((growth) => growth.steps.map((step) => ({ growth, step, last: growth.steps.at(-1)!.values })));
  const fields: Field[] = [{ ...timeField('week'), config: { displayNameFromDS: 'Week' } }];
  const values: Frame['data']['values'] = [rows.map(({ growth }) => bucketTime(growth.week))];
  if (shape.severalInstances) {
    fields.push(textField('instance', 'Instance'));
    values.push(rows.map(({ growth }) => growth.instance));
  }
  fields.push(numberField('age_days', 'Age', {}, { description: 'Days from the end of the week to the run', unit: 'd' }), {
    ...timeField('accepted_at'),
    config: { displayNameFromDS: 'Accepted' },
  });
  values.push(
    rows.map(({ step }) => step.ageDays),
    rows.map(({ step }) => step.acceptedAt.getTime()),
  );
  shape.columns.forEach((column, index) => {
    fields.push(
      numberField(column.metric.name, column.title, currencyLabel(column), {
        description: column.metric.description,
        ...unitConfig(column.unit, column.currency),
      }),
      numberField(`${column.metric.name} share`, `${column.title}, share of the newest`, currencyLabel(column), SHARE),
    );
    values.push(
      rows.map(({ step }) => step.values[index] ?? null),
      rows.map(({ step, last }) => shareOf(step.values[index] ?? null, last[index] ?? null)),
    );
  });
  return makeFrame(shape.refId, 'table', fields, values, { meta: { ...noticesMeta(shape.notices), preferredVisualisationType: 'table' } });
}

/** A row for each age: how many weeks were served then, and the middle, lowest and highest share of the last value. */
function completenessTable(shape: Shape, ages: readonly Completeness[]): Frame {
  const fields = [
    numberField('age_days', 'Age', {}, { description: 'Days from the end of the week', unit: 'd' }),
    numberField('weeks', 'Weeks', {}, { unit: 'short' }),
  ];
  const values: Frame['data']['values'] = [ages.map(({ ageDays }) => ageDays), ages.map(({ weeks }) => weeks)];
  shape.columns.forEach((column, index) => {
    for (const [key, word] of [
      ['median', 'share'],
      ['lowest', 'lowest share'],
      ['highest', 'highest share'],
    ] as const) {
      fields.push(numberField(`${column.metric.name} ${word}`, `${column.title}, ${word}`, currencyLabel(column), SHARE));
      values.push(ages.map(({ columns }) => columns[index]?.[key] ?? null));
    }
  });
  return makeFrame(shape.refId, 'table', fields, values, { meta: { ...noticesMeta(shape.notices), preferredVisualisationType: 'table' } });
}

/** The middle share at each age as a number of its own, for stat panels and rules. */
function completenessNumbers(shape: Shape, ages: readonly Completeness[]): Frame[] {
  const frames = ages.flatMap(({ ageDays, columns }) =>
    shape.columns.flatMap((column, index): Frame[] => {
      const share = columns[index];
      if (share === null || share === undefined) return [];
      const labels = { age: `${ageDays} days`, ...currencyLabel(column), ...(shape.columns.length > 1 && { metric: column.metric.name }) };
      const name = `${shape.columns.length > 1 ? `${column.title}, ` : ''}${ageDays} days`;
      const field = numberField(`${column.metric.name} share`, name, labels, SHARE);
      return [makeFrame(shape.refId, 'numeric-multi', [field], [[share.median]])];
    }),
  );
  const [first, ...rest] = frames;
  if (first === undefined) return [noData(shape, 'numeric-multi')];
  return [{ ...first, schema: { ...first.schema, meta: { ...first.schema.meta, ...noticesMeta(shape.notices) } } }, ...rest];
}

const noData = (shape: Shape, type: FrameType): Frame => makeFrame(shape.refId, type, [], [], { meta: noticesMeta(shape.notices) });
