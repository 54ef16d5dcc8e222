import { amcFunction } from '../define.ts';

/** UUID(): a new random identifier. */
export const uuid = amcFunction({
  name: 'UUID',
  takes: [],
  gives: 'STRING',
  sql: 'CAST(gen_random_uuid() AS text)',
  examples: [['LENGTH(UUID())', '36']],
});
