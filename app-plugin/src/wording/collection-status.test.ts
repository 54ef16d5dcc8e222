import { aDetail, aWeek, plannedWeek } from '../testing/fixtures';
import { statusOf } from './collection-status';
import { isLeftAlone, updatesOf } from './updates';

const held = aWeek(1, { state: 'held' });

it.each([
  ['collecting', { weekList: [aWeek(0), plannedWeek(1)] }],
  ['collecting', { weekList: [held, aWeek(0, { state: 'merging' })] }],
  ['collecting', { weekList: [] }],
  ['attention', { weekList: [aWeek(0), held] }],
  ['up_to_date', { state: 'complete' }],
  ['complete', { state: 'complete', schedule: null }],
  ['complete', { state: 'complete', schedule: { id: '1', name: 'Weekly', state: 'paused' } }],
  ['incomplete', { state: 'incomplete' }],
  ['paused', { state: 'paused', weekList: [plannedWeek(0)] }],
  ['stopped', { state: 'stopped', weekList: [plannedWeek(0)] }],
] as const)('calls it %s: %#', (status, parts) => {
  expect(statusOf(aDetail(structuredClone(parts) as Parameters<typeof aDetail>[0]))).toBe(status);
});

it('says what keeps a collection up to date, or that nothing does', () => {
  const paused = { id: null, name: null, state: 'paused' } as const;
  expect(updatesOf(aDetail())).toBe('By “Weekly update”');
  expect(updatesOf(aDetail({ schedule: null }))).toBe('Not updated: no schedule');
  expect(updatesOf(aDetail({ schedule: paused }))).toBe('Not updated: a schedule that also covers instances you do not see is paused');
  expect(updatesOf(aDetail({ schedule: null, imported: true }))).toBe('By importing files');
  expect([
    isLeftAlone(aDetail()),
    isLeftAlone(aDetail({ schedule: null })),
    isLeftAlone(aDetail({ schedule: null, imported: true })),
    isLeftAlone(aDetail({ schedule: null, state: 'cancelled' })),
  ]).toEqual([false, true, false, false]);
});
