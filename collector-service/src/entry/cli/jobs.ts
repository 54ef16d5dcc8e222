import { Command } from 'commander';
import { retryJob } from '../../ground/jobs/retry.ts';
import { readDeadJob, readDeadJobs, readJobCounts, type DeadJob } from '../../ground/jobs/state.ts';
import { recorded } from './recorded.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';

export const jobsCommand = (): Command =>
  new Command('jobs').description('Everyday work: what is in line, what failed for good').addCommand(list()).addCommand(retry());

const list = () =>
  new Command('list')
    .description('Every job with what is in line, then those that failed for good; exit code 1 when there are any')
    .option('--json', 'the same as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      process.exitCode = await runOnDatabase(async ({ store }, { out }) => {
        const jobs = await readJobCounts(store.pool);
        const dead = await readDeadJobs(store.pool);
        if (json === true) out(JSON.stringify({ jobs, dead }, null, 2));
        else {
          out(
            textTable(
              ['job', 'waiting', 'to be tried again', 'running', 'dead', 'last completed'],
              jobs.map(({ job, waiting, retrying, running, dead: gone, lastCompletedAt }) => [
                job,
                ...[waiting, retrying, running, gone].map(String),
                lastCompletedAt?.toISOString().slice(0, 16) ?? '',
              ]),
            ),
          );
          if (dead.length > 0) out(`\n${deadJobLines(dead)}`);
        }
        return dead.length > 0 ? 1 : 0;
      });
    });

const retry = () =>
  new Command('retry')
    .description('Have a job that failed for good tried once more')
    .argument('<id>', 'its id, from `jobs list` or `status`')
    .action(async (id: string) => {
      process.exitCode = await runOnDatabase(async ({ store, workspaceId }, { out }) => {
        const dead = await readDeadJob(store.pool, id);
        const record = { workspaceId, action: 'job.retry', subject: `job ${id}`, details: { name: dead.job } };
        await recorded({ store }, record, (tx) => retryJob(tx, id));
        out(`${dead.job} is in line again; the next free process takes it.`);
        return 0;
      });
    });

/** Jobs that failed for good, for people: which, when, why and what to do. */
export const deadJobLines = (dead: readonly DeadJob[]): string =>
  [
    'Jobs that failed for good:',
    ...dead.map(
      ({ id, job, failedAt, attempts, message }) =>
        `  ${job}, ${failedAt.toISOString().slice(0, 16)}Z, after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: ${message}\n    Once the cause is gone: collector jobs retry ${id}`,
    ),
  ].join('\n');
