import type { Column } from '../../../data/catalogue/dataset.ts';
import { EXPECTED } from '../../../data/store/merge/copy-error.ts';
import { isValid } from '../../../data/store/merge/schema-contract.ts';

/** Something that spreadsheets do to values, told by the values of one column. */
export interface DamageRule {
  applies(column: Column): boolean;
  /** SQL that is true of a damaged value v, which is never NULL or empty. */
  is: string | ((column: Column) => string);
  /** SQL aggregate over the column's different values v: without it a single value proves nothing. */
  onlyIf?: string;
  /** '… holds X, …' */
  what(column: Column): string;
  remedy: 'as text' | 'numbers' | 'dates';
  /** The value may be right as it is, however unlikely, so a person may overrule. */
  arguable: boolean;
}

const isText = ({ role }: Column): boolean => role === 'key' || role === 'dimension';
const isNumber = ({ type }: Column): boolean => type === 'integer' || type === 'decimal';
const isInteger = ({ type }: Column): boolean => type === 'integer';
const isDecimal = ({ type }: Column): boolean => type === 'decimal';
const isDate = ({ type }: Column): boolean => type === 'date';

const matches = (pattern: string): string => `v ~ '${pattern}'`;

/**
 * Numbers as texts: `2.80001E+14`. A plus sign and two digits of exponent are how spreadsheets write it; Amazon's 1.2E7 has neither,
 * and no campaign is called like that.
 */
const SCIENTIFIC = '^[+-]?\\d([.,]\\d+)?[Ee]\\+\\d{2,3}$';

/** Digits of a whole number in groups, by whatever but a point. */
const GROUPED = `^[+-]?\\d{1,3}([, ''\u2019\u00a0\u202f]\\d{3})+([.,]\\d+)?$`;
const DECIMAL_COMMA = '^[+-]?[\\d.]*\\d,\\d+$';
const GROUPED_BY_POINTS = '^[+-]?[1-9]\\d{0,2}(\\.\\d{3})+$';

export const RULES: readonly DamageRule[] = [
  {
    applies: isText,
    is: matches(SCIENTIFIC),
    what: () => 'which was a longer number before a spreadsheet rounded it: its last digits are lost',
    remedy: 'as text',
    arguable: true,
  },
  {
    applies: isText,
    is: matches('^\\d{6,}\\.0+$'),
    what: () => 'an id that a program took for a number with decimals',
    remedy: 'as text',
    arguable: true,
  },
  {
    applies: isText,
    is: matches(`^(''|=?")\\+?\\d{5,}"?$`),
    what: () => 'with the mark by which a spreadsheet keeps digits as text, which is no part of the id',
    remedy: 'as text',
    arguable: true,
  },
  {
    applies: isText,
    is: matches('^\\d{1,3}([,.]\\d{3}){2,}$'),
    onlyIf: `bool_and(${matches('^[\\d,.]+$')})`,
    what: () => 'an id with separators between its thousands',
    remedy: 'as text',
    arguable: true,
  },
  {
    // Spreadsheets keep 15 digits and write zeros for the rest. One id may end like this by chance, all of them do not.
    applies: isText,
    is: matches('^\\d{15}0+$'),
    onlyIf: `bool_and(v ~ '^\\d{15}0+$') FILTER (WHERE v ~ '^\\d{16,}$') AND sum(length(v) - 15) FILTER (WHERE v ~ '^\\d{16,}$') >= 3`,
    what: () =>
      'and all its long ids end in zeros after the 15th digit, which is as far as a spreadsheet counts: their last digits are lost',
    remedy: 'as text',
    arguable: true,
  },
  {
    applies: isNumber,
    is: matches(SCIENTIFIC),
    what: () => 'a number that a spreadsheet shortened: its last digits are lost',
    remedy: 'numbers',
    arguable: true,
  },
  {
    applies: isNumber,
    is: `(${matches(GROUPED)} OR ${matches(DECIMAL_COMMA)})`,
    what: () => 'with a comma or another separator, which may stand for thousands or for decimals',
    remedy: 'numbers',
    arguable: false,
  },
  {
    applies: isInteger,
    is: matches(GROUPED_BY_POINTS),
    what: () => 'whose points may stand between thousands',
    remedy: 'numbers',
    arguable: true,
  },
  {
    // 1.234 among 56 and 789, and never 1.5 or 1234: a thousand and some, not one and a quarter.
    applies: isDecimal,
    is: matches(GROUPED_BY_POINTS),
    onlyIf: `(count(*) FILTER (WHERE v ~ '\\.') >= 3 AND bool_and(${matches(GROUPED_BY_POINTS)}) FILTER (WHERE v ~ '\\.')
       AND count(*) FILTER (WHERE v ~ '^\\d+$') > 0 AND NOT bool_or(length(v) > 3) FILTER (WHERE v ~ '^\\d+$')
       OR bool_or(${matches('^[+-]?\\d{1,3}(\\.\\d{3}){2,}$')}))`,
    what: () => 'whose points seem to stand between thousands, since none of the column’s numbers is written otherwise',
    remedy: 'numbers',
    arguable: true,
  },
  {
    applies: isNumber,
    is: matches('^[^\\d.+-]{1,4}[+-]?\\d[\\d.]*$|^[+-]?\\d[\\d.]*\\s*[^\\d.eE\\s]{1,3}$'),
    what: () => 'a number with a sign of its unit',
    remedy: 'numbers',
    arguable: false,
  },
  {
    applies: isDate,
    is: matches('^\\d{5}(\\.\\d+)?$'),
    what: () => 'the number by which a spreadsheet counts days',
    remedy: 'dates',
    arguable: false,
  },
  {
    applies: isDate,
    is: matches('^\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{2,4}$'),
    what: () => 'a date whose day and month may be either',
    remedy: 'dates',
    arguable: false,
  },
  {
    applies: ({ type }) => type !== 'string' && type !== 'date',
    is: (column) => `NOT ${isValid(column, 'v')}`,
    what: ({ type }) => `which is not ${EXPECTED[type]}`,
    remedy: 'numbers',
    arguable: false,
  },
];
