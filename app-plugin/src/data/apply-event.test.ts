import { aDetail, aWeek, plannedWeek, withoutWeeks } from '../testing/fixtures';
import { applyToDetail, applyToList } from './apply-event';
import { readAndCatchUp, remember } from './recent-events';
import { readEvent } from './events';

const detail = aDetail({ weekList: [aWeek(0), plannedWeek(1)] });
const collection = withoutWeeks(detail);

it('replaces a collection in place and puts a new one first', () => {
  const other = { ...collection, id: '2' };
  expect(
    applyToList([other, collection], { type: 'collection', collection: { ...collection, state: 'paused' } }).map(({ id, state }) => [
      id,
      state,
    ]),
  ).toEqual([
    ['2', 'running'],
    ['1', 'paused'],
  ]);
  expect(applyToList([other], { type: 'collection', collection }).map(({ id }) => id)).toEqual(['1', '2']);
});

it('changes only the week and the collection that the event is about', () => {
  const week = aWeek(1);
  expect(applyToDetail(detail, { type: 'week', collectionId: '1', week }).weekList).toEqual([aWeek(0), week]);
  expect(applyToDetail(detail, { type: 'week', collectionId: '2', week })).toBe(detail);
  expect(applyToDetail(detail, { type: 'collection', collection: { ...collection, id: '2' } })).toBe(detail);
  expect(applyToDetail(detail, { type: 'collection', collection: { ...collection, name: 'New' } })).toMatchObject({
    name: 'New',
    timeZone: detail.timeZone,
    weekList: detail.weekList,
  });
});

it('does not let a slow answer put an older state over an event that came meanwhile', async () => {
  const reading = readAndCatchUp(
    'uid',
    async () => {
      remember('uid', { type: 'week', collectionId: '1', week: aWeek(1) });
      remember('another', { type: 'week', collectionId: '1', week: plannedWeek(0) });
      return detail;
    },
    applyToDetail,
  );
  expect((await reading).weekList).toEqual([aWeek(0), aWeek(1)]);
  expect(await readAndCatchUp('uid', () => Promise.resolve(detail), applyToDetail)).toBe(detail);
});

it.each(['', '{', 'null', '[]', '{"type":"other"}'])('takes %j for no event of ours', (data) => {
  expect(readEvent(data)).toBeNull();
});
