import { amcFunction, places } from '../define.ts';

/** CONCAT(a, b, …): all as text, one after the other; NULL adds nothing. */
export const concat = amcFunction({
  name: 'CONCAT',
  takes: ['text'],
  variadic: true,
  gives: 'STRING',
  sql: (call) => `concat(${places(call).join(', ')})`,
  text: (call) => (call.texts.every((text) => text !== undefined) ? call.texts.join('') : undefined),
  sideBySide: true,
  examples: [
    ["CONCAT('a', 1, 'b')", 'a1b'],
    ["CONCAT('frequency_', CAST(NULL AS STRING))", 'frequency_'],
  ],
});
