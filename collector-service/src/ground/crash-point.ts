import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Named places where the crash tests strike, so that each step's recovery is proved and not argued (docs/operations.md, "Proof
 * against crashes"). They do nothing unless AMC_CRASH_AT names one of them.
 *
 * AMC_CRASH_ACTION=kill (the default) ends the process there by SIGKILL, which leaves no chance to tidy up, as a power cut would.
 * AMC_CRASH_ACTION=stop says so on standard output and freezes the process by SIGSTOP, the first time it comes by: whoever watches
 * takes PostgreSQL down under it and then lets it go on.
 */
export const CRASH_POINTS = [
  'claim.beforeCommit',
  'claim.after',
  'create.beforeSend',
  'create.afterSend',
  'create.afterStored',
  'adopt.afterFirstLook',
  'adopt.found',
  'poll.beforeList',
  'poll.afterList',
  'poll.beforeCommit',
  'poll.afterStored',
  'validate.afterSaved',
  'validate.beforeCommit',
  'stop.beforeCommit',
  'refused.noted',
  'heal.beforeCommit',
  'lease.beforeRenewal',
  'lease.afterRenewal',
  'download.beforeUrls',
  'download.afterUrls',
  'download.insidePart',
  'download.received',
  'download.afterPart',
  'merge.before',
  'merge.insideCopy',
  'merge.afterStaging',
  'merge.afterInsert',
  'merge.afterDelete',
  'merge.afterUpsert',
  'merge.afterRollUp',
  'merge.beforeFile',
  'merge.afterFile',
  'merge.beforeCommit',
  'merge.afterCommit',
  'hold.beforeCommit',
  'lookback.beforeCommit',
  'lookback.afterCommit',
  'decide.beforeCommit',
  'accept.afterRead',
  'import.beforeCommit',
  'schedule.beforeCommit',
  'rebuild.beforeCommit',
  'rebuild.afterWeek',
  'migrate.insideFile',
  'migrate.betweenTables',
  'backup.insideTable',
  'restore.afterMark',
  'restore.insideTable',
  'restore.beforeCommit',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

let armed = process.env.AMC_CRASH_AT;

export function crashPoint(name: CrashPoint): void {
  if (name !== armed) return;
  armed = undefined;
  if (process.env.AMC_CRASH_ACTION !== 'stop') return void process.kill(process.pid, 'SIGKILL');
  writeSync(1, `stopped at ${name}\n`);
  process.kill(process.pid, 'SIGSTOP');
}

/** Long enough for the first bytes to reach the other side. */
const UNDER_WAY_MS = 30;

/** The same bytes, with the point after the first half of the first of them. Costs nothing unless the point is named. */
export function crashInside(name: CrashPoint, source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return name === armed ? inHalves(name, source) : source;
}

async function* inHalves(name: CrashPoint, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    const half = Math.ceil(bytes.length / 2);
    yield bytes.subarray(0, half);
    await sleep(UNDER_WAY_MS);
    crashPoint(name);
    yield bytes.subarray(half);
  }
}
