import { amcFunction } from '../define.ts';

/** LENGTH(string): its characters, blanks too. */
export const length = amcFunction({
  name: 'LENGTH',
  aliases: ['CHAR_LENGTH', 'CHARACTER_LENGTH'],
  takes: ['text'],
  gives: 'INTEGER',
  sql: 'char_length($1)',
  examples: [
    ["LENGTH('Köln ')", '5'],
    ["CHAR_LENGTH('abc')", '3'],
  ],
});
