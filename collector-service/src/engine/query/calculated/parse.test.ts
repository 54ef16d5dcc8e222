import { evaluate, type Formula } from './formula.ts';
import { parseExpression, type Expression } from './parse.ts';

/** The tree as a formula over named numbers. */
function valueOf(text: string, numbers: Record<string, number | null>): number | null {
  const names = Object.keys(numbers);
  const formula = (tree: Expression): Formula => {
    if ('number' in tree) return { constant: tree.number };
    if ('metric' in tree) return { value: names.indexOf(tree.metric) };
    return { operator: tree.operator, left: formula(tree.left), right: formula(tree.right) };
  };
  return evaluate(formula(parseExpression('x', text)), Object.values(numbers));
}

describe('an expression', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 - 3 - 2', 3],
    ['8 / 4 / 2', 1],
    ['-2 * -3', 6],
    ['2 - -3', 5],
    ['.5 + 1.25', 1.75],
    ['(sales - spend) / clicks', 3],
    ['100*spend/sales', 20],
    ['sales / nothing', null],
    ['sales / (clicks - clicks)', null],
    ['sales + missing', null],
    ['sales * nothing', 0],
  ])('%s is %s', (text, value) => {
    expect(valueOf(text, { sales: 50, spend: 10, clicks: 40 / 3, nothing: 0, missing: null })).toEqual(
      value === null ? null : expect.closeTo(value, 12),
    );
  });

  it.each([
    ['', 'the end where a metric, a number or a parenthesis has to stand at position 1'],
    ['spend +', 'the end where a metric, a number or a parenthesis has to stand at position 8'],
    ['(spend', 'the end instead of a closing parenthesis at position 7'],
    ['spend)', "')' after a complete expression at position 6"],
    ['spend sales', "'sales' after a complete expression at position 7"],
    ['spend ** 2', "'*' where a metric, a number or a parenthesis has to stand at position 8"],
    ['spend % 2', "'%' means nothing at position 7"],
    ['process.exit(1)', "'.' means nothing at position 8"],
    ['alert`1`', "'`' means nothing at position 6"],
    ['2e9', "'e9' after a complete expression at position 2"],
    ['Spend', "'S' means nothing at position 1"],
    ['🌷 + 1', "'🌷' means nothing at position 1"],
    [`${'('.repeat(30)}1${')'.repeat(30)}`, 'more than 20 parentheses or signs within each other at position 22'],
    [`${'-'.repeat(30)}1`, 'more than 20 parentheses or signs within each other at position 22'],
  ])('%j is refused, with the place and what is allowed', (text, words) => {
    expect(() => parseExpression('margin', text)).toThrow(
      `Calculated metric 'margin': ${words} of '${text}'. Allowed are names of metrics`,
    );
  });
});
