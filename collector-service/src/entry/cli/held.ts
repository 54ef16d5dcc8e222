import { Command, Option } from 'commander';
import { CollectorError } from '../../contract/error.ts';
import { decideHeldRunsSchema, heldQuestionsQuerySchema, type DecideHeldRuns, type HeldWhere } from '../../contract/held-questions.ts';
import { acceptHeldRunSchema, decideSchema, heldRunsQuerySchema, type HeldRunDetail } from '../../contract/held-runs.ts';
import { heldRowsQuerySchema, ROW_KINDS, type RowKind } from '../../contract/held-rows.ts';
import { acceptHeldRun } from '../../product/review/accept.ts';
import type { ReviewContext } from '../../product/review/context.ts';
import { heldRunDetail } from '../../product/review/detail.ts';
import { listHeldRuns } from '../../product/review/held-runs.ts';
import { keepHeldRun } from '../../product/review/keep.ts';
import { listHeldQuestions } from '../../product/review/questions.ts';
import { heldRows } from '../../product/review/rows.ts';
import { runHeldRunAgain } from '../../product/review/run-again.ts';
import { heldRulesCommand } from './held-rules.ts';
import { heldQuestionTable, heldRowsText, heldRunTable, heldRunText } from './held-text.ts';
import { decideWhere, whereArgument } from './held-where.ts';
import { parseOptions, percentArgument, review, runIdArgument, wholeNumberArgument } from './reviewer.ts';

export const heldCommand = (): Command =>
  new Command('held')
    .description('Results that contradict what is served and wait for a person: look, then accept, keep or run again')
    .addHelpText(
      'after',
      '\nWhat is served stays until somebody accepts. Every decision is on record with the person and the reason.\nStart with: collector held questions',
    )
    .addCommand(questions())
    .addCommand(list())
    .addCommand(show())
    .addCommand(diff())
    .addCommand(acceptCommand())
    .addCommand(decision('keep', 'Leave served what is served and set the held result aside', keepHeldRun))
    .addCommand(decision('run-again', 'Set the held result aside and ask Amazon anew (a paid execution)', runHeldRunAgain))
    .addCommand(heldRulesCommand());

const questions = (): Command =>
  new Command('questions')
    .description('What waits for a person: runs held in a row for the same reason are one question')
    .option(
      '--where <conditions>',
      'only those: collection=ID, instance=AMC_ID, dataset=NAME, rule=NAME, from=MONDAY, to=MONDAY',
      whereArgument,
    )
    .option('--json', 'as JSON')
    .action(({ where, json }: { where?: HeldWhere; json?: boolean }) =>
      review(undefined, async (ctx, out) => {
        const { questions: found, truncated } = await listHeldQuestions(ctx, parseOptions(heldQuestionsQuerySchema, where ?? {}));
        if (json === true) return out(JSON.stringify(found, null, 2));
        if (found.length === 0) return out('No held run waits for a person.');
        out(heldQuestionTable(found));
        if (truncated) out('There are more: narrow them down with --where');
      }),
    );

const list = (): Command =>
  new Command('list')
    .description('Held runs, newest first')
    .option('--collection <id>', 'only of this collection')
    .option('--all', 'also those that are decided about')
    .option('--limit <n>', 'runs to show', wholeNumberArgument)
    .option('--json', 'as JSON')
    .action(({ collection, all, limit, json }: { collection?: string; all?: boolean; limit?: number; json?: boolean }) =>
      review(undefined, async (ctx, out) => {
        const query = parseOptions(heldRunsQuerySchema, { collection, decided: all === true ? undefined : 'false', limit });
        const { heldRuns, nextCursor } = await listHeldRuns(ctx, query);
        if (json === true) return out(JSON.stringify(heldRuns, null, 2));
        if (heldRuns.length === 0) return out(all === true ? 'No run was ever held.' : 'No held run waits for a person.');
        out(heldRunTable(heldRuns));
        if (nextCursor !== null) out('There are more: --limit 200');
      }),
    );

const show = (): Command =>
  new Command('show')
    .description('Why a run is held and what accepting it would change')
    .argument('<run>', 'number of the run', runIdArgument)
    .option('--json', 'as JSON')
    .action((runId: string, { json }: { json?: boolean }) =>
      review(undefined, async (ctx, out) => {
        const detail = await heldRunDetail(ctx, { runId });
        out(json === true ? JSON.stringify(detail, null, 2) : heldRunText(detail));
      }),
    );

const diff = (): Command =>
  new Command('diff')
    .description('The rows that differ, those that move the totals most first')
    .argument('<run>', 'number of the run', runIdArgument)
    .addOption(new Option('--kind <kind>', 'only rows of this kind').choices(ROW_KINDS))
    .option('--limit <n>', 'rows of each kind', wholeNumberArgument, 20)
    .option('--after <row>', 'go on after this row', wholeNumberArgument)
    .option('--json', 'as JSON')
    .action((runId: string, options: { kind?: RowKind; limit: number; after?: number; json?: boolean }) =>
      review(undefined, async (ctx, out) => {
        const pages = [];
        for (const kind of options.kind === undefined ? ROW_KINDS : [options.kind]) {
          const query = parseOptions(heldRowsQuerySchema, { kind, limit: options.limit, cursor: options.after });
          pages.push(await heldRows(ctx, { runId, ...query }));
        }
        out(options.json === true ? JSON.stringify(pages, null, 2) : pages.map(heldRowsText).join('\n\n'));
      }),
    );

interface DecisionOptions {
  reason: string;
  as?: string;
  where?: HeldWhere;
  dryRun?: boolean;
}

const deciding = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .argument('[run]', 'number of the run', runIdArgument)
    .option('--where <conditions>', 'instead of a run: every undecided one that meets them, as in rule=jump,empty=true', whereArgument)
    .option('--dry-run', 'with --where: only tell which runs it would be about')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--as <person>', 'who decides; the name of the system’s user when left out')
    .addHelpText(
      'after',
      '\nConditions of --where: collection=ID, instance=AMC_ID, dataset=NAME, rule=NAME (held for this rule and no other), from=MONDAY, to=MONDAY,\nempty=true|false. All must be met. Each run is decided about for itself; those that cannot be are listed, and the exit code is 1 then.',
    );

const acceptCommand = (): Command =>
  deciding('accept', 'Take the held result as it is; a worker merges it from the kept file')
    .option(
      '--version <n>',
      'version of the week that the difference was looked at against, when it is not the one it was held against',
      wholeNumberArgument,
    )
    .option('--remember <percent>', 'also accept moves of totals under this share from now on', percentArgument)
    .option('--all-instances', 'remember it for every instance of the workspace')
    .action((runId: string | undefined, options: DecisionOptions & { version?: number; remember?: number; allInstances?: boolean }) =>
      decideOneOrMany('accept', runId, options, (ctx, run) => {
        const { reason, version: servedVersion, remember: maxMove, allInstances } = options;
        const remember = maxMove === undefined ? undefined : { maxMove, allInstances: allInstances === true };
        return acceptHeldRun(ctx, { runId: run, ...parseOptions(acceptHeldRunSchema, { reason, servedVersion, remember }) });
      }),
    );

const decision = (name: 'keep' | 'run-again', description: string, decide: typeof keepHeldRun): Command =>
  deciding(name, description).action((runId: string | undefined, options: DecisionOptions) =>
    decideOneOrMany(name === 'keep' ? 'keep' : 'run_again', runId, options, (ctx, run) =>
      decide(ctx, { runId: run, ...parseOptions(decideSchema, { reason: options.reason }) }),
    ),
  );

/** About one run, with what became of it; or about many, with how many. */
const decideOneOrMany = (
  decision: DecideHeldRuns['decision'],
  runId: string | undefined,
  options: DecisionOptions,
  decideOne: (ctx: ReviewContext, runId: string) => Promise<HeldRunDetail>,
): Promise<void> =>
  review(options.as, async (ctx, out) => {
    const { where, reason, dryRun } = options;
    if ((runId === undefined) === (where === undefined))
      throw new CollectorError('invalid_request', 'Name either a run or conditions (--where).');
    if (where === undefined) return out(heldRunText(await decideOne(ctx, runId!)));
    const allDecided = await decideWhere(ctx, out, parseOptions(decideHeldRunsSchema, { decision, reason, where, dryRun }));
    return allDecided ? 0 : 1;
  });
