import { Command } from 'commander';
import { setAcceptanceRuleSchema } from '../../contract/acceptance-rules.ts';
import { createRule, listRules, removeRule } from '../../product/review/rules.ts';
import { ruleTable } from './held-text.ts';
import { parseOptions, percentArgument, review, runIdArgument } from './reviewer.ts';

export const heldRulesCommand = (): Command =>
  new Command('rules')
    .description('What is accepted without a person: moves of a dataset’s totals under a share')
    .addHelpText('after', '\nExample: collector held rules set --dataset campaign_performance --max-move 5% --reason "late conversions"')
    .addCommand(list())
    .addCommand(set())
    .addCommand(remove());

const list = (): Command =>
  new Command('list')
    .description('The rules of the workspace')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      review(undefined, async (ctx, out) => {
        const rules = await listRules(ctx);
        if (json === true) return out(JSON.stringify(rules, null, 2));
        out(rules.length === 0 ? 'There is no rule: a person is always asked.' : ruleTable(rules));
      }),
    );

const set = (): Command =>
  new Command('set')
    .description('Accept moves under a share from now on; replaces the rule of the same dataset and instance')
    .requiredOption('--dataset <name>', 'a dataset of the catalogue')
    .requiredOption('--max-move <percent>', 'largest move of a total', percentArgument)
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--instance <id>', 'AMC instance id; every instance when left out')
    .option('--as <person>', 'who decides; the name of the system’s user when left out')
    .action((options: { dataset: string; maxMove: number; reason: string; instance?: string; as?: string }) =>
      review(options.as, async (ctx, out) => {
        const { dataset, maxMove, reason, instance } = options;
        out(ruleTable([await createRule(ctx, parseOptions(setAcceptanceRuleSchema, { dataset, maxMove, reason, instance }))]));
      }),
    );

const remove = (): Command =>
  new Command('remove')
    .description('End a rule: a person is asked again')
    .argument('<rule>', 'number of the rule', runIdArgument)
    .option('--as <person>', 'who decides; the name of the system’s user when left out')
    .action((ruleId: string, { as }: { as?: string }) =>
      review(as, async (ctx, out) => {
        const { dataset, instance } = await removeRule(ctx, { ruleId });
        out(`Removed the rule for ${dataset} (${instance ?? 'every instance'}).`);
      }),
    );
