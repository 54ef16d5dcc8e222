import { Command } from 'commander';
import { rebuild, type WeekResult } from '../../product/upkeep/rebuild.ts';
import { commandContext } from './context.ts';
import { createProgressBar } from './progress-bar.ts';
import { runOnDatabase } from './run.ts';
import { weekRange, type WeekRange } from './week-range.ts';
import { formatWeeks } from '../../ground/calendar/window-words.ts';

const RESUME_HOURS = 24;

interface Options {
  instance?: string;
  dataset?: string;
  weeks?: WeekRange;
  verify?: boolean;
  resume?: boolean;
}

export const rebuildCommand = (): Command =>
  new Command('rebuild')
    .description('Make rows and roll-ups again from the stored result files, without asking Amazon')
    .option('--instance <id>', 'AMC instance id; all when left out')
    .option('--dataset <name>', 'one dataset, every version that has weeks')
    .option('--weeks <first..last>', 'Mondays, both included', weekRange)
    .option('--verify', 'compare and report only; exit code 1 when anything differs')
    .option('--resume', `leave out weeks that were found or made right within ${RESUME_HOURS} hours and have not changed since`)
    .addHelpText(
      'after',
      '\nA week is one transaction and takes turns with workers; only rows that differ are written. Weeks that cannot be rebuilt are listed\nat the end and the others go on. Exit code 1 when there are such weeks.',
    )
    .action(async ({ weeks, resume, verify, ...options }: Options) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        const bar = createProgressBar(process.stderr);
        const counts = { done: 0, total: 0, stuck: 0, rows: 0 };
        const results = await rebuild(
          commandContext(foundation, signal),
          {
            ...options,
            ...weeks,
            verify: verify === true,
            resumeWithinHours: resume === true ? RESUME_HOURS : undefined,
          },
          (result, through, total) => {
            counts.stuck += isTrouble(result) ? 1 : 0;
            counts.rows += result.rows;
            bar.draw({ ...counts, done: through, total });
          },
        ).finally(() => bar.end());
        out(describe(results));
        return results.some(isTrouble) ? 1 : 0;
      });
    });

const isTrouble = ({ outcome }: WeekResult): boolean => outcome === 'drift' || outcome === 'no_file' || outcome === 'failed';

const WORDS: Record<WeekResult['outcome'], string> = {
  same: 'as stored',
  rebuilt: 'made again',
  drift: 'differ',
  no_file: 'have no stored file',
  failed: 'could not be rebuilt',
  skipped: 'were checked before',
};

/** Counts by outcome, then every week that is not simply right. */
function describe(results: readonly WeekResult[]): string {
  if (results.length === 0) return 'No week is served there.';
  const told = (Object.keys(WORDS) as WeekResult['outcome'][]).flatMap((outcome) => {
    const count = results.filter((each) => each.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${WORDS[outcome]}`];
  });
  const lines = results
    .filter((each) => each.note !== null)
    .map(({ week, outcome, note }) => `${week.instance}, ${week.dataset} v${week.datasetVersion}, week ${week.week}: ${outcome}. ${note}`);
  return [`${formatWeeks(results.length)}: ${told.join(', ')}.`, ...lines].join('\n');
}
