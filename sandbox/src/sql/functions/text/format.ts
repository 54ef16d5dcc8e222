import { quoteText } from '../../ast.ts';
import { SandboxLacks } from '../../rejection.ts';
import { isNumber, isTime } from '../../types.ts';
import { amcFunction } from '../define.ts';

/** Java's letters of dates and times, as PostgreSQL's. */
const TIME_PARTS: Record<string, string> = {
  yyyy: 'YYYY',
  yy: 'YY',
  MMMM: 'FMMonth',
  MMM: 'Mon',
  MM: 'MM',
  M: 'FMMM',
  dd: 'DD',
  d: 'FMDD',
  HH: 'HH24',
  hh: 'HH12',
  mm: 'MI',
  ss: 'SS',
  EEEE: 'FMDay',
  EEE: 'Dy',
  a: 'AM',
};

/** FORMAT(value, pattern): numbers by Java's DecimalFormat (0, #, comma, point, %), times by its date letters. */
export const format = amcFunction({
  name: 'FORMAT',
  takes: ['any', 'part'],
  gives: 'STRING',
  sql: ({ types: [type], texts: [, pattern] }) => {
    if (pattern === undefined) throw new SandboxLacks('patterns of FORMAT that differ from row to row');
    if (isNumber(type)) return `to_char($1, ${quoteText(numberPattern(pattern))})`;
    if (isTime(type)) return `to_char(CAST($1 AS timestamp), ${quoteText(timePattern(pattern))})`;
    throw new SandboxLacks('FORMAT of anything but numbers and times');
  },
  examples: [
    ["FORMAT(1234567.891, '#,##0.00')", '"1,234,567.89"'],
    ["FORMAT(DATE '2026-03-09', 'yyyy/MM/dd')", '2026/03/09'],
  ],
});

function numberPattern(pattern: string): string {
  if (!/^[#,]*0[0,]*(\.0+)?$/.test(pattern)) throw new SandboxLacks(`the number pattern '${pattern}' in FORMAT`);
  const [whole = '', fraction = ''] = pattern.split('.');
  const zeros = whole.replace(/[^0]/g, '').length;
  const places = Array.from({ length: 30 }, (_, index) => (index < zeros ? '0' : '9'));
  const grouped = places.map((place, index) => (whole.includes(',') && index > 0 && index % 3 === 0 ? `${place},` : place));
  return `FM${grouped.reverse().join('')}${fraction ? `.${fraction}` : ''}`;
}

const timePattern = (pattern: string): string =>
  pattern.replace(/'([^']*)'|([A-Za-z])\2*/g, (part, quoted: string | undefined) => {
    if (quoted !== undefined) return `"${quoted}"`;
    const known = TIME_PARTS[part];
    if (!known) throw new SandboxLacks(`'${part}' in a pattern of FORMAT`);
    return known;
  });
