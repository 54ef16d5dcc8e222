/**
 * Named places where the crash tests kill the process, so that each step's recovery is proved and not argued.
 * Does nothing unless AMC_CRASH_AT names the place; SIGKILL leaves no chance to tidy up, as a power cut would.
 */
export const CRASH_POINTS = [
  'claim.after',
  'create.beforeSend',
  'create.afterSend',
  'create.afterStored',
  'poll.beforeList',
  'poll.afterList',
  'poll.afterStored',
  'download.beforeUrls',
  'download.afterPart',
  'merge.before',
  'merge.inTransaction',
  'merge.afterCommit',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

export function crashPoint(name: CrashPoint): void {
  if (process.env.AMC_CRASH_AT === name) process.kill(process.pid, 'SIGKILL');
}
