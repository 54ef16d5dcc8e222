import { addDecimals } from './decimal.ts';

test.each([
  [['0'], '0'],
  [['0.1', '0.2'], '0.3'],
  [['99999999999999999999.99', '0.01'], '100000000000000000000'],
  [['-0.5', '0.25'], '-0.25'],
  [['1.2300', '-1.23'], '0'],
  [['-12', '2'], '-10'],
])('%j add up to %s exactly', (values, sum) => {
  expect(addDecimals(values)).toBe(sum);
});
