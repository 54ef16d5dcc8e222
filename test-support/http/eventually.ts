import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is true; the test's own deadline ends it otherwise. */
export async function eventually(test: () => Promise<boolean>): Promise<void> {
  while (!(await test())) await sleep(20);
}
