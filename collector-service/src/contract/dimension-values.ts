import { z } from 'zod';
import { filterSchema, NAME_PATTERN } from './query.ts';
import type { Routes } from './route.ts';
import { wholeNumber, zoneName } from './scalars.ts';

const parseJson = (text: string, context: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.issues.push({ code: 'custom', message: 'must be JSON', input: text });
    return z.NEVER;
  }
};

export const dimensionValuesQuerySchema = z
  .strictObject({
    dataset: z
      .string()
      .regex(NAME_PATTERN)
      .optional()
      .describe('Where the dimension is; the first dataset that has it, and data, when left out'),
    search: z.string().max(200).optional().describe('Only values or labels that contain this, in any case'),
    filters: z
      .string()
      .max(8_000)
      .transform(parseJson)
      .pipe(z.array(filterSchema).max(20))
      .optional()
      .describe('What other variables chose: a list of Filter as JSON'),
    from: wholeNumber.optional().describe('Only values of weeks that share a local day with [from, to), ms since 1970 UTC'),
    to: wholeNumber.optional(),
    timeZone: zoneName.optional().describe('The zone the range was chosen in (IANA); UTC when left out'),
    limit: wholeNumber.min(1).max(1000).default(200),
  })
  .meta({ id: 'DimensionValuesQuery' });

export const dimensionValuesSchema = z
  .strictObject({
    values: z.array(z.strictObject({ value: z.string(), label: z.string() })),
    truncated: z.boolean(),
  })
  .meta({ id: 'DimensionValues' });

export const dimensionValueRoutes = {
  dimensionValues: {
    method: 'get',
    path: '/v1/dimensions/{dimension}/values',
    role: 'Viewer',
    budget: 'query',
    summary: 'Values of a dimension, for variables and filters',
    params: z.strictObject({
      dimension: z.string().regex(NAME_PATTERN).describe("A dimension of the catalogue, 'currency' or 'instance'"),
    }),
    query: dimensionValuesQuerySchema,
    status: 200,
    response: dimensionValuesSchema,
    errors: ['unknown_dataset', 'unknown_dimension'],
  },
} as const satisfies Routes;

export type DimensionValuesQuery = z.output<typeof dimensionValuesQuerySchema>;
export type DimensionValues = z.output<typeof dimensionValuesSchema>;
