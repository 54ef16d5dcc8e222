import { z } from 'zod';

const column = z.strictObject({
  title: z.string().min(1).describe('Title of the column: of its dimension or metric'),
  width: z.int().min(40).max(800).optional().describe('Pixels; columns without one share what is left over'),
  bar: z.literal(true).optional().describe('A bar behind the number, as long as the number is large'),
  change: z.enum(['up', 'down', 'neutral']).optional().describe('A change since the period before, coloured by which way is good'),
});

/** Rows of groups with sorting and paging. */
export const tableDisplay = z.strictObject({
  columns: z.array(column).max(30).optional().describe('Columns that look otherwise than usual'),
  newestFirst: z.literal(true).optional().describe('By time, the newest row first; for queries with an interval'),
  hide: z.array(z.string().min(1)).max(30).optional().describe('Titles of columns that are not shown'),
});

export type TableColumn = z.output<typeof column>;
export type TableDisplay = z.output<typeof tableDisplay>;
