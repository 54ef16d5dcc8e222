import { mistakeIn } from './expression';

const METRICS = ['sales', 'spend', 'clicks'];

it.each(['sales / clicks', '(sales - spend) / clicks', '-spend * 1.5', 'sales+spend', '((sales))', '.5*sales'])(
  'takes %s',
  (expression) => {
    expect(mistakeIn(expression, METRICS)).toBeUndefined();
  },
);

it.each([
  ['', 1, 'Write an expression'],
  ['sales / click', 9, 'no metric click here. Did you mean clicks?'],
  ['sales clicks', 7, 'Before clicks one of + - * /'],
  ['sales / * clicks', 9, 'Before * a metric'],
  ['sales +', 8, 'not finished'],
  ['(sales', 7, 'not closed'],
  ['sales)', 6, 'closes none'],
  ['2 + 2', 1, 'at least one metric'],
  ['sales ^ 2', 7, '^ is not allowed'],
  ['Sales', 1, 'S is not allowed'],
])('says what is wrong with "%s"', (expression, position, text) => {
  expect(mistakeIn(expression, METRICS)).toEqual({ position, text: expect.stringContaining(text) });
});
