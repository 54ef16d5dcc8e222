import { Command, Option } from 'commander';
import { acceptHeldRunSchema, decideSchema, heldRunsQuerySchema } from '../../contract/held-runs.ts';
import { heldRowsQuerySchema, ROW_KINDS, type RowKind } from '../../contract/held-rows.ts';
import { acceptHeldRun } from '../../product/review/accept.ts';
import { heldRunDetail } from '../../product/review/detail.ts';
import { listHeldRuns } from '../../product/review/held-runs.ts';
import { keepHeldRun } from '../../product/review/keep.ts';
import { heldRows } from '../../product/review/rows.ts';
import { runHeldRunAgain } from '../../product/review/run-again.ts';
import { heldRulesCommand } from './held-rules.ts';
import { heldRowsText, heldRunTable, heldRunText } from './held-text.ts';
import { parseOptions, percentArgument, review, runIdArgument, wholeNumberArgument } from './reviewer.ts';

export const heldCommand = (): Command =>
  new Command('held')
    .description('Results that contradict what is served and wait for a person: look, then accept, keep or run again')
    .addHelpText(
      'after',
      '\nWhat is served stays until somebody accepts. Every decision is on record with the person and the reason.\nStart with: collector held list',
    )
    .addCommand(list())
    .addCommand(show())
    .addCommand(diff())
    .addCommand(acceptCommand())
    .addCommand(decision('keep', 'Leave served what is served and set the held result aside', keepHeldRun))
    .addCommand(decision('run-again', 'Set the held result aside and ask Amazon anew (a paid execution)', runHeldRunAgain))
    .addCommand(heldRulesCommand());

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
}

const deciding = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .argument('<run>', 'number of the run', runIdArgument)
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--as <person>', 'who decides; the name of the system’s user when left out');

const acceptCommand = (): Command =>
  deciding('accept', 'Take the held result as it is; a worker merges it from the kept file')
    .option(
      '--version <n>',
      'version of the week that the difference was looked at against, when it is not the one it was held against',
      wholeNumberArgument,
    )
    .option('--remember <percent>', 'also accept moves of totals under this share from now on', percentArgument)
    .option('--all-instances', 'remember it for every instance of the workspace')
    .action((runId: string, options: DecisionOptions & { version?: number; remember?: number; allInstances?: boolean }) =>
      review(options.as, async (ctx, out) => {
        const { reason, version: servedVersion, remember: maxMove, allInstances } = options;
        const remember = maxMove === undefined ? undefined : { maxMove, allInstances: allInstances === true };
        const input = parseOptions(acceptHeldRunSchema, { reason, servedVersion, remember });
        out(heldRunText(await acceptHeldRun(ctx, { runId, ...input })));
      }),
    );

const decision = (name: string, description: string, decide: typeof keepHeldRun): Command =>
  deciding(name, description).action((runId: string, { reason, as }: DecisionOptions) =>
    review(as, async (ctx, out) => {
      out(heldRunText(await decide(ctx, { runId, ...parseOptions(decideSchema, { reason }) })));
    }),
  );
