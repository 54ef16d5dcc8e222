import { didYouMean, nearest } from './nearest.ts';

test('slips of the finger find their word', () => {
  const known = ['sales', 'spend', 'ntb_sales', 'impressions', 'ctr', 'cvr'];
  expect(nearest('saless', known)).toEqual(['sales']);
  expect(nearest('slaes', known)).toEqual(['sales']);
  expect(nearest('Impresions', known)).toEqual(['impressions']);
  expect(nearest('ctt', known)).toEqual(['ctr']);
});

test('a part of a longer name finds it', () => {
  expect(nearest('product', ['ad_product', 'advertiser'])).toEqual(['ad_product']);
});

test('what resembles nothing finds nothing, at any length', () => {
  expect(nearest('', ['sales'])).toEqual([]);
  expect(nearest('temperature', ['sales', 'spend'])).toEqual([]);
  expect(nearest('x'.repeat(100_000), ['sales'])).toEqual([]);
  expect(didYouMean('temperature', ['sales'])).toBe('');
});

test('at most three are named, the nearest first', () => {
  expect(nearest('aaab', ['aaac', 'aaad', 'aaae', 'aaaf', 'aaab'])).toEqual(['aaab', 'aaac', 'aaad']);
  expect(didYouMean('aaab', ['aaac', 'aaad'])).toBe("; did you mean 'aaac' or 'aaad'?");
});
