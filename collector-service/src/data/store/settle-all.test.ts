import { setTimeout as sleep } from 'node:timers/promises';
import { settleAll } from './settle-all.ts';

test('gives the values in their order', async () => {
  expect(await settleAll([sleep(5, 'late'), Promise.resolve(1)])).toEqual(['late', 1]);
});

test('fails only when everything has ended, with the first failure of the list', async () => {
  let ended = false;
  const slow = sleep(20).then(() => {
    ended = true;
    throw new Error('slow');
  });
  await expect(settleAll([Promise.resolve(1), slow, Promise.reject(new Error('quick'))])).rejects.toThrow('slow');
  expect(ended).toBe(true);
});
