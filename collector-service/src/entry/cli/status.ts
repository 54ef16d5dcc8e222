import { Command } from 'commander';
import { collectionDetail, listCollections } from '../../engine/collect/collections/read.ts';
import { readDeadJobs } from '../../ground/jobs/state.ts';
import { commandContext } from './context.ts';
import { deadJobLines } from './jobs.ts';
import { runOnDatabase } from './run.ts';
import { collectionTable } from './summary.ts';
import { textTable } from './table.ts';
import { formatWeeks } from './weeks.ts';

export const statusCommand = (): Command =>
  new Command('status')
    .description('What is collected, what is in line and what needs a person')
    .argument('[collection]', 'id of a collection: shows its weeks')
    .option('--json', 'the same as JSON')
    .addHelpText(
      'after',
      '\nWithout an argument: all collections, every week that failed, is held, out of reach or doubtful, and jobs that failed for good, each with the\nreason. Exit code 1 when there is a failed or held week, or such a job.',
    )
    .action(async (id: string | undefined, { json }: { json?: boolean }) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        const ctx = commandContext(foundation, signal);
        if (id !== undefined) {
          const detail = await collectionDetail(ctx, { id });
          out(json === true ? JSON.stringify(detail, null, 2) : weekTable(detail.weekList));
          return 0;
        }
        const collections = await listCollections(ctx);
        const deadJobs = await readDeadJobs(ctx.store.pool);
        const details = await Promise.all(collections.map((collection) => collectionDetail(ctx, collection)));
        const troubled = details.flatMap((detail) =>
          detail.weekList
            .filter(({ state }) => state === 'failed' || state === 'held')
            .map((week) => ({ collection: detail.name, ...week })),
        );
        const doubtful = details.flatMap(({ name, weekList }) =>
          weekList.flatMap(({ week, doubt }) => (doubt ? [{ collection: name, week, doubt }] : [])),
        );
        if (json === true) out(JSON.stringify({ collections, troubled, doubtful, deadJobs }, null, 2));
        else {
          out(
            collections.length === 0 ? 'Nothing is collected yet. Plan something: collector backfill --help' : collectionTable(collections),
          );
          for (const { name, state, stopReason } of collections) if (state === 'stopped') out(`\n${name} is stopped: ${stopReason ?? ''}`);
          for (const { collection, week, state, error } of troubled) out(`\n${collection}, week ${week} ${state}: ${error?.message ?? ''}`);
          for (const { name, state, weeksOutOfReach } of collections)
            if (state !== 'cancelled' && weeksOutOfReach > 0)
              out(
                `\n${name} is incomplete: ${formatWeeks(weeksOutOfReach)} out of reach. Amazon keeps 13 months; import their result files if you have them.`,
              );
          for (const { collection, week, doubt } of doubtful)
            out(`\n${collection}, week ${week} is doubtful: ${doubt.findings.map(({ message }) => message).join(' ')} ${doubt.note}`);
          if (deadJobs.length > 0) out(`\n${deadJobLines(deadJobs)}`);
        }
        return troubled.length + deadJobs.length > 0 ? 1 : 0;
      });
    });

const weekTable = (weeks: Awaited<ReturnType<typeof collectionDetail>>['weekList']): string =>
  textTable(
    ['week', 'state', 'age', 'rows', 'version', 'attempt', 'collected', 'error or doubt'],
    weeks.map(({ week, state, age, rows, dataVersion, attempt, collectedAt, error, doubt }) => [
      week,
      state,
      age,
      rows.toLocaleString('en'),
      String(dataVersion),
      String(attempt),
      collectedAt?.slice(0, 16) ?? '',
      error?.message ?? (doubt ? `doubtful: ${doubt.findings.map(({ message }) => message).join(' ')} ${doubt.note}` : ''),
    ]),
  );
