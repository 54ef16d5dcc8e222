import { faultIn } from './json-fault';

it.each(['{}', '[]', ' {"a": [1, -2.5e3, true, null, "x\\"\\u00e9"], "b": {"c": ""}} ', '"x"', '0'])('takes %s', (text) => {
  expect(faultIn(text)).toBeUndefined();
  expect(() => JSON.parse(text) as unknown).not.toThrow();
});

it.each([
  ['', 0],
  ['{"a": [1,,2]}', 9],
  ['{"a" 1}', 5],
  ['{"a": 1', 7],
  ['{"a": 1,}', 8],
  ['{a: 1}', 1],
  ['{} {}', 3],
  ['["a\nb"]', 1],
  ['01', 1],
])('finds where %j stops being JSON', (text, at) => {
  expect(faultIn(text)).toBe(at);
  expect(() => JSON.parse(text) as unknown).toThrow();
});
