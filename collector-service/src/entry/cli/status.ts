import { Command } from 'commander';
import type { Collection, CollectionDetail } from '../../contract/collections.ts';
import { collectionDetail, listCollections } from '../../engine/collect/collections/read.ts';
import { clockTrouble, readClocks } from '../../ground/calendar/clocks.ts';
import { windowName } from '../../ground/calendar/window.ts';
import { readDeadJobs } from '../../ground/jobs/state.ts';
import { commandContext } from './context.ts';
import { deadJobLines } from './jobs.ts';
import { runOnDatabase } from './run.ts';
import { collectionTable } from './summary.ts';
import { textTable } from './table.ts';
import { formatWindows } from '../../ground/calendar/window-words.ts';

export const statusCommand = (): Command =>
  new Command('status')
    .description('What is collected, what is in line and what needs a person')
    .argument('[collection]', 'id of a collection: shows its weeks')
    .option('--json', 'the same as JSON')
    .addHelpText(
      'after',
      '\nWithout an argument: all collections, those that Amazon stopped or refuses something, every week that failed, is held,\nout of reach or doubtful, and jobs that failed for good, each with the reason. Exit code 1 when there is a stopped collection, a failed or held week, or such a job,\nor when the clocks contradict each other.',
    )
    .action(async (id: string | undefined, { json }: { json?: boolean }) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        const ctx = commandContext(foundation, signal);
        if (id !== undefined) {
          const detail = await collectionDetail(ctx, { id });
          out(json === true ? JSON.stringify(detail, null, 2) : weekTable(detail));
          return 0;
        }
        const collections = await listCollections(ctx);
        const deadJobs = await readDeadJobs(ctx.store.pool);
        const clocks = clockTrouble(await readClocks(ctx.store.pool));
        const details = await Promise.all(collections.map((collection) => collectionDetail(ctx, collection)));
        const troubled = details.flatMap((detail) =>
          detail.weekList
            .filter(({ state }) => state === 'failed' || state === 'held')
            .map((week) => ({ collection: detail.name, window: detail.window, ...week })),
        );
        const doubtful = details.flatMap(({ name, window, weekList }) =>
          weekList.flatMap(({ week, doubt }) => (doubt ? [{ collection: name, window, week, doubt }] : [])),
        );
        if (json === true) out(JSON.stringify({ collections, troubled, doubtful, deadJobs, clocks }, null, 2));
        else {
          if (clocks !== null) out(`${clocks}\n`);
          out(
            collections.length === 0 ? 'Nothing is collected yet. Plan something: collector backfill --help' : collectionTable(collections),
          );
          for (const line of collections.flatMap(refusalLine)) out(`\n${line}`);
          for (const { collection, window, week, state, error } of troubled)
            out(`\n${collection}, ${windowName(window, week)} ${state}: ${error?.message ?? ''}`);
          for (const { name, state, window, weeksOutOfReach } of collections)
            if (state !== 'cancelled' && weeksOutOfReach > 0)
              out(
                `\n${name} is incomplete: ${formatWindows(weeksOutOfReach, [window])} out of reach. Amazon keeps 13 months; import their result files if you have them.`,
              );
          for (const { collection, window, week, doubt } of doubtful)
            out(
              `\n${collection}, ${windowName(window, week)} is doubtful: ${doubt.findings.map(({ message }) => message).join(' ')} ${doubt.note}`,
            );
          if (deadJobs.length > 0) out(`\n${deadJobLines(deadJobs)}`);
        }
        const stopped = collections.filter(({ state }) => state === 'stopped');
        return clocks !== null || troubled.length + deadJobs.length + stopped.length > 0 ? 1 : 0;
      });
    });

/** What Amazon refuses a collection, since when, and when it is tried again. */
function refusalLine({ name, state, stopReason, stoppedAt, refusal }: Collection): string[] {
  const next = refusal && ` Next try at ${refusal.nextTryAt.slice(0, 16)}Z.`;
  if (state === 'stopped') {
    const since = stoppedAt === null ? '' : ` since ${stoppedAt.slice(0, 16)}Z`;
    return [`${name} is stopped${since}: ${refusal?.message ?? stopReason ?? ''}${next ?? ' Resume it when the cause is gone.'}`];
  }
  return state === 'running' && refusal ? [`${name} is refused since ${refusal.since.slice(0, 16)}Z: ${refusal.message}${next}`] : [];
}

/** Weeks and other windows are named by a Monday, as commands want it, and by their days. */
const weekTable = ({ weekList }: CollectionDetail): string =>
  textTable(
    ['week', 'days', 'state', 'age', 'rows', 'version', 'attempt', 'collected', 'error or doubt'],
    weekList.map(({ week, firstDay, lastDay, state, age, rows, dataVersion, attempt, collectedAt, error, doubt }) => [
      week,
      `${firstDay} to ${lastDay}`,
      state,
      age,
      rows.toLocaleString('en'),
      String(dataVersion),
      String(attempt),
      collectedAt?.slice(0, 16) ?? '',
      error?.message ?? (doubt ? `doubtful: ${doubt.findings.map(({ message }) => message).join(' ')} ${doubt.note}` : ''),
    ]),
  );
