import type { ServerState } from '../../../data/store/embedded/supervise.ts';
import { databaseDown } from './database-down.ts';

const restarting = { name: 'restarting', attempt: 3, attempts: 8 } as const;

test.each<[ServerState, RegExp]>([
  [{ name: 'running' }, /does not answer/],
  [{ ...restarting, diskFull: false }, /ended, and is being started again: attempt 3 of 8/],
  [{ ...restarting, diskFull: true }, /ended, since its disk is full, and is being started again: attempt 3 of 8/],
  [{ name: 'given up', diskFull: false }, /could not be started again/],
  [{ name: 'given up', diskFull: true }, /disk is full, and could not be started again/],
])('an embedded database that does not answer (%j) is told as it is', (state, message) => {
  expect(databaseDown(state)).toMatchObject({ hop: 'database', status: 'failed', message: expect.stringMatching(message) });
});

test('a full disk is what a person is told to cure', () => {
  for (const state of [{ ...restarting, diskFull: true }, { name: 'given up', diskFull: true } as const])
    expect(databaseDown(state).remedy).toContain('Free some space');
});

test('going on is promised only while somebody starts it', () => {
  expect(databaseDown({ ...restarting, diskFull: false }).remedy).toMatch(/work goes on .*If no attempt works, this process ends/);
  expect(databaseDown({ name: 'given up', diskFull: false }).remedy).toMatch(/does not go on by itself/);
  expect(databaseDown({ name: 'running' }).remedy).not.toMatch(/goes on/);
});
