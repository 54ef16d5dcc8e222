import { z } from 'zod';
import { id, wholeNumber } from './scalars.ts';

/** Rows in which a held result differs from what is served. Values are the text of the file; null: hidden by Amazon, or empty. */
export const ROW_KINDS = ['added', 'changed', 'vanished'] as const;

export const heldRowsQuerySchema = z.strictObject({
  kind: z.enum(ROW_KINDS),
  cursor: wholeNumber.min(0).max(2_147_483_647).optional().describe('nextCursor of the page before'),
  limit: wholeNumber.min(1).max(1000).default(100),
});

export const heldRowsSchema = z
  .strictObject({
    runId: id,
    kind: z.enum(ROW_KINDS),
    servedVersion: z.int().describe('Data version that the rows are compared with'),
    total: z.int().describe('Rows of this kind'),
    listed: z.int().describe('Rows that can be paged through: those that move the totals most, when there are very many'),
    rows: z.array(
      z.strictObject({
        row: z.int().describe('From 1; the rows that move the totals most come first'),
        keys: z.record(z.string(), z.string().nullable()).describe('What names the row; null: hidden by Amazon, or empty'),
        numbers: z
          .array(z.strictObject({ column: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
          .describe('Columns that differ, with the value that is served and that of the held result'),
      }),
    ),
    nextCursor: z.int().nullable(),
  })
  .meta({ id: 'HeldRows' });

export type RowKind = (typeof ROW_KINDS)[number];
export type HeldRowsQuery = z.output<typeof heldRowsQuerySchema>;
export type HeldRows = z.output<typeof heldRowsSchema>;
