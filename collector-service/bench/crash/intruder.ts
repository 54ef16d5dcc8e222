import { join } from 'node:path';
import { contain } from '@amc-reports/test-support/store/container.ts';
import { Violation } from './violation.ts';

const COLLECTOR = [process.execPath, join(import.meta.dirname, '../../../test-support/store/embedded-process.ts')];

/** Starts a server on the directory from a container with pids and shared memory of its own. @throws Violation unless that is refused */
export async function intrude(dataDir: string): Promise<void> {
  const intruder = contain([...COLLECTOR, dataDir]);
  const outcome = await intruder.outcome();
  await intruder.kill();
  if (outcome !== 1 || !intruder.stderr().includes('in use by another container'))
    throw new Violation('one server', `a second container on the same directory was not refused (${outcome}): ${intruder.stderr()}`);
}
