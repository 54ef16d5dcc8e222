import { Command, InvalidArgumentError, Option } from 'commander';
import { createScheduleSchema } from '../../contract/schedules.ts';
import { SCHEDULE_TEMPLATE_NAMES } from '../../contract/schedule-templates.ts';
import type { ScheduleContext } from '../../product/schedule/context.ts';
import { createSchedule } from '../../product/schedule/create.ts';
import { pauseSchedule } from '../../product/schedule/pause.ts';
import { listSchedules, scheduleDetail } from '../../product/schedule/read.ts';
import { removeSchedule } from '../../product/schedule/remove.ts';
import { resumeSchedule } from '../../product/schedule/resume.ts';
import { runSchedule } from '../../product/schedule/run.ts';
import { SCHEDULE_TEMPLATES } from '../../product/schedule/templates.ts';
import { commandContext } from './context.ts';
import { invalidOptions } from './invalid-options.ts';
import { runOnDatabase } from './run.ts';
import { scheduleTable, scheduleText, tickText } from './schedule-text.ts';

export const scheduleCommand = (): Command =>
  new Command('schedule')
    .description('Keep collections up to date: the newest week, and past weeks again because Amazon restates them')
    .addHelpText('after', '\nWorkers make the ticks. Start with: collector schedule templates')
    .addCommand(list())
    .addCommand(show())
    .addCommand(create())
    .addCommand(act('pause', 'Stop ticking; what comes due meanwhile is not made up for', pauseSchedule, 'is paused'))
    .addCommand(act('resume', 'Tick again from the next due time on', resumeSchedule, 'is active'))
    .addCommand(run())
    .addCommand(act('delete', 'Remove the schedule and its history; collections and their data stay', removeSchedule, 'is deleted'))
    .addCommand(templates());

const list = (): Command =>
  new Command('list')
    .description('Schedules, when they tick next and what the last tick did')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      onDatabase(async (ctx, out) => {
        const schedules = await listSchedules(ctx);
        if (json === true) out(JSON.stringify(schedules, null, 2));
        else
          out(
            schedules.length === 0 ? 'Nothing is scheduled. Make a schedule: collector schedule create --help' : scheduleTable(schedules),
          );
      }),
    );

const show = (): Command =>
  new Command('show')
    .description('A schedule: its collections, the next due times, the newest ticks and what became of them')
    .argument('<schedule>', 'id of the schedule', idArgument)
    .option('--json', 'as JSON')
    .action((id: string, { json }: { json?: boolean }) =>
      onDatabase(async (ctx, out) => {
        const detail = await scheduleDetail(ctx, { id });
        out(json === true ? JSON.stringify(detail, null, 2) : scheduleText(detail));
      }),
    );

interface CreateOptions {
  name: string;
  template?: string;
  cron?: string;
  zone?: string;
  restate?: number;
  deep?: number;
  stagger?: number;
  collection?: string[];
  dataset?: string;
}

const create = (): Command =>
  new Command('create')
    .description('Make a schedule over collections that no other schedule holds')
    .requiredOption('--name <name>', 'what to call it')
    .addOption(new Option('--template <template>', 'where what is left out comes from').choices(SCHEDULE_TEMPLATE_NAMES))
    .option('--cron <expression>', 'five fields: minute hour day-of-month month day-of-week; needed without a template')
    .option('--zone <zone>', 'time zone of the cron, IANA name; when left out, that of its instances in which a week ends last')
    .option('--restate <weeks>', 'weeks before the newest to collect again; when left out, what the attribution asks for', wholeNumber)
    .option('--deep <weeks>', 'the same at the first tick of a month', wholeNumber)
    .option('--stagger <seconds>', 'between the starts of two collections', wholeNumber)
    .option('--collection <id...>', 'collections, see: collector status')
    .option('--dataset <name>', 'instead: the newest collection of this dataset of every instance')
    .addHelpText('after', "\nExample: collector schedule create --name 'Weekly update' --template weekly --dataset campaign_performance")
    .action((options: CreateOptions) =>
      onDatabase(async (ctx, out) => {
        const { name, template, cron, zone, restate, deep, stagger, collection, dataset } = options;
        const input = { name, template, cron, timeZone: zone, restateWeeks: restate, deepRestateWeeks: deep, staggerSeconds: stagger };
        const parsed = createScheduleSchema.safeParse({ ...input, collections: collection, dataset });
        if (!parsed.success) throw invalidOptions(parsed.error);
        const made = await createSchedule(ctx, parsed.data);
        out(
          `Made schedule '${made.name}' (${made.id}) over ${made.collections.length} collections; it ticks next at ${made.nextAt} (UTC).`,
        );
      }),
    );

const act = (
  name: string,
  description: string,
  change: (ctx: ScheduleContext, input: { id: string }) => Promise<{ name: string }>,
  done: string,
): Command =>
  new Command(name)
    .description(description)
    .argument('<schedule>', 'id of the schedule', idArgument)
    .action((id: string) =>
      onDatabase(async (ctx, out) => {
        const schedule = await change(ctx, { id });
        out(`Schedule '${schedule.name}' (${id}) ${done}.`);
      }),
    );

const run = (): Command =>
  new Command('run')
    .description('Tick now, ahead of scheduled work; due times stay as they are')
    .argument('<schedule>', 'id of the schedule', idArgument)
    .option('--json', 'as JSON')
    .action((id: string, { json }: { json?: boolean }) =>
      onDatabase(async (ctx, out) => {
        const tick = await runSchedule(ctx, { id });
        out(json === true ? JSON.stringify(tick, null, 2) : `${tickText(tick)}\nFollow it with: collector schedule show ${id}`);
      }),
    );

const templates = (): Command =>
  new Command('templates').description('Schedules ready to be chosen').action(() => {
    for (const { template, cron, description } of SCHEDULE_TEMPLATES) process.stdout.write(`${template} (${cron})\n  ${description}\n`);
  });

const onDatabase = async (work: (ctx: ScheduleContext, out: (text: string) => void) => Promise<void>): Promise<void> => {
  process.exitCode = await runOnDatabase(async (foundation, { out, signal }) => {
    await work(commandContext(foundation, signal), out);
    return 0;
  });
};

function idArgument(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('must be the id of a schedule, see: collector schedule list');
  return text;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('must be a whole number.');
  return Number(text);
}
