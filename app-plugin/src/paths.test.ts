import { pagePath } from './paths';

it('makes addresses of pages, with whatever stands for an id kept in its place', () => {
  expect(pagePath('')).toBe('/a/amcreports-reports-app');
  expect(pagePath('collections')).toBe('/a/amcreports-reports-app/collections');
  expect(pagePath('collections/:id', { id: '1/../2?x' })).toBe('/a/amcreports-reports-app/collections/1%2F..%2F2%3Fx');
});
