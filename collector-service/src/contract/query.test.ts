import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { metricQuerySchema } from './query.ts';

const schema = z.toJSONSchema(metricQuerySchema, { io: 'input' });

describe('the query type', () => {
  it.each([
    ['metrics', 'metrics'],
    ['week_growth', 'week_growth'],
    ['restatement', 'week_growth'],
    ['restatements', 'restatements'],
    ['freshness', 'freshness'],
    [undefined, 'metrics'],
  ])('%s means %s', (queryType, means) => {
    expect(metricQuerySchema.parse({ queryType }).queryType).toBe(means);
  });

  it('is described with its old word, which alert rules and shared dashboards still send', () => {
    const queryType = schema.$defs?.MetricQuery?.properties?.queryType;
    expect(queryType).toMatchObject({
      default: 'metrics',
      enum: expect.arrayContaining(['week_growth', 'restatement']),
      description: expect.stringContaining("'restatement' is the old word for 'week_growth'"),
    });
  });

  it('is none that we do not know', () => {
    expect(metricQuerySchema.safeParse({ queryType: 'growth' }).success).toBe(false);
  });
});

/** The Go backend's tests read it, to see that every field of a query reaches the collector. UPDATE_GOLDEN=1 writes it anew. */
it('is the schema that the Go backend is tested against', () => {
  const file = join(__dirname, 'golden/metric-query.schema.json');
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
});
