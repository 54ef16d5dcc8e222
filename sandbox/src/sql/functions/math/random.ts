import { amcFunction } from '../define.ts';

/** RANDOM(): from 0 up to, and without, 1. */
export const random = amcFunction({
  name: 'RANDOM',
  takes: [],
  gives: 'DOUBLE',
  sql: 'CAST(random() AS numeric)',
  examples: [['RANDOM() >= 0 AND RANDOM() < 1', 'TRUE']],
});
