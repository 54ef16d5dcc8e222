import { aSchedule, TEMPLATES } from '../testing/fixtures';
import { freeName, proposedSchedule } from './schedule-draft';

it('proposes the weekly schedule that ticks, before any other', () => {
  const schedules = [
    aSchedule({ id: '1', state: 'paused' }),
    aSchedule({ id: '2', template: 'daily' }),
    aSchedule({ id: '3', template: 'weekly_deep' }),
  ];
  expect(proposedSchedule(schedules, TEMPLATES)).toEqual({ choice: 'id:3', name: '' });
  expect(proposedSchedule(schedules.slice(0, 2), TEMPLATES)).toEqual({ choice: 'id:2', name: '' });
});

it('proposes a new one where none ticks, under a name that is free', () => {
  expect(proposedSchedule([], TEMPLATES)).toEqual({ choice: 'template:weekly', name: 'Weekly update' });
  expect(proposedSchedule([aSchedule({ state: 'paused' })], TEMPLATES)).toEqual({ choice: 'template:weekly', name: 'Weekly update 2' });
  expect(freeName('A', [{ name: 'A' }, { name: 'A 2' }])).toBe('A 3');
});
