import { migrateQuery } from './migrations';
import type { AmcQuery } from './query';

it('gives a query without version, or of the first, the version of today and changes nothing else', () => {
  const lifted = { refId: 'A', metrics: ['spend'], queryType: 'metrics', version: 2 };
  expect(migrateQuery({ refId: 'A', metrics: ['spend'], queryType: 'metrics' })).toEqual(lifted);
  expect(migrateQuery({ refId: 'A', metrics: ['spend'], queryType: 'metrics', version: 1 })).toEqual(lifted);
  expect(migrateQuery({ refId: 'A' })).toEqual({ refId: 'A', version: 2 });
});

it('calls the growth of weeks by its new name, and leaves restatements alone', () => {
  const saved = (queryType: string) => ({ refId: 'A', queryType, version: 1 }) as AmcQuery;
  expect(migrateQuery(saved('restatement'))).toEqual({ refId: 'A', queryType: 'week_growth', version: 2 });
  expect(migrateQuery(saved('restatements'))).toEqual({ refId: 'A', queryType: 'restatements', version: 2 });
});

it('leaves a query of this version untouched, the same object', () => {
  const query = { refId: 'A', version: 2 };
  expect(migrateQuery(query)).toBe(query);
});

it('keeps what a saved query meant: no word about the hidden part, the same comparison', () => {
  const saved: AmcQuery = { refId: 'A', metrics: ['spend'], dimensions: ['campaign'], compare: 'previous_year', version: 1 };
  expect(migrateQuery(saved)).toEqual({ ...saved, version: 2 });
});

it('takes off what only the way to the backend is told: a query that was sent becomes one to save', () => {
  const sent: AmcQuery = { refId: 'A', version: 2, metrics: ['spend'], interpolated: true, timeZone: 'Asia/Tokyo' };
  expect(migrateQuery(sent)).toEqual({ refId: 'A', version: 2, metrics: ['spend'] });
});

it('does not pretend to understand a query of a newer plugin', () => {
  expect(migrateQuery({ refId: 'A', version: 7 })).toEqual({ refId: 'A', version: 7 });
});
