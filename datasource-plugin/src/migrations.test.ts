import { migrateQuery } from './migrations';

it('gives a query without version the first version and changes nothing else', () => {
  expect(migrateQuery({ refId: 'A', metrics: ['spend'] })).toEqual({ refId: 'A', metrics: ['spend'], version: 1 });
});

it('leaves a query of this version untouched, the same object', () => {
  const query = { refId: 'A', version: 1 };
  expect(migrateQuery(query)).toBe(query);
});

it('does not pretend to understand a query of a newer plugin', () => {
  expect(migrateQuery({ refId: 'A', version: 7 })).toEqual({ refId: 'A', version: 7 });
});
