import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CollectorError } from '../../contract/error.ts';
import type { Frame } from '../../contract/frame.ts';
import { COMPARISONS, queryRequestSchema, TRANSFORMS } from '../../contract/query.ts';
import type { IsoDate } from '../../ground/calendar/week.ts';
import { ianaTimeZone } from '../../contract/time-zone.ts';
import { workspaceCalendar } from '../../engine/access/workspace-calendar.ts';
import { workspaceInstances } from '../../foundation.ts';
import { ask, createQueryCache, frames, responseOf } from '../../engine/query/index.ts';
import { dayArgument } from './date-argument.ts';
import { invalidOptions } from './invalid-options.ts';
import { requestOf, type QueryOptions } from './query-request.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';

const list = (text: string): string[] => text.split(',').map((part) => part.trim());

function zoneArgument(text: string): string {
  const zone = ianaTimeZone(text);
  if (zone === null) throw new InvalidArgumentError('must be an IANA time zone such as Europe/Berlin, or UTC.');
  return zone;
}

function daysArgument(text: string): { from: IsoDate; to: IsoDate } {
  const [from, to, ...more] = text.split(',');
  if (from === undefined || to === undefined || more.length > 0)
    throw new InvalidArgumentError('must be two days such as 2026-01-05,2026-01-18.');
  return { from: dayArgument(from), to: dayArgument(to) };
}

export const queryCommand = (): Command =>
  new Command('query')
    .description('Ask for numbers, the way a dashboard does')
    .option('--dataset <name>', 'needed only when several datasets know the metrics')
    .option('--metrics <names>', 'comma-separated', list)
    .option('--dimensions <names>', 'comma-separated', list)
    .option('--grain <grain>', 'total, day, week, month or auto', 'week')
    .option('--from <day>', 'first day, yyyy-mm-dd', dayArgument, '2000-01-01')
    .option('--to <day>', 'day after the last one, yyyy-mm-dd; today when left out', dayArgument)
    .option('--time-zone <zone>', 'whose days these are, an IANA time zone such as Europe/Berlin', zoneArgument, 'UTC')
    .addOption(
      new Option(
        '--compare <period>',
        'with the period before, with the year before (the same weekdays or the same dates), or with --compare-to (custom)',
      ).choices(COMPARISONS),
    )
    .addOption(
      new Option('--rest <what>', 'what Amazon hid in a breakdown: show it as a last row, or hide it; the notice tells how much').choices([
        'show',
        'hide',
      ]),
    )
    .option('--compare-to <days>', 'first and last day of --compare custom, yyyy-mm-dd,yyyy-mm-dd', daysArgument)
    .addOption(new Option('--transform <how>', 'shares of the total, running totals, or moving averages').choices(TRANSFORMS))
    .option('--limit <n>', 'rows', Number)
    .option('--others', 'what is beyond the limit as one row')
    .option('--request <file>', 'a whole request as JSON (the body of POST /v1/query) instead of the options; - reads standard input')
    .option('--json', 'the frames as JSON')
    .addHelpText('after', '\nExample: collector query --metrics spend,sales,roas --dimensions ad_product --grain total --from 2026-01-01')
    .action(async (options: QueryOptions) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        const parsed = queryRequestSchema.safeParse(
          options.request === undefined ? requestOf(options, foundation.clock()) : readRequest(options.request),
        );
        if (!parsed.success) throw invalidOptions(parsed.error);
        const scope = {
          workspaceId: foundation.workspaceId,
          instances: await workspaceInstances(foundation),
          calendar: await workspaceCalendar(foundation.store.pool, foundation.workspaceId),
        };
        const results = await ask({ ...foundation, cache: createQueryCache(), scope, signal }, parsed.data);
        if (options.json === true || options.request !== undefined) out(JSON.stringify(responseOf(results), null, 2));
        else for (const result of results.values()) out(result instanceof CollectorError ? result.message : tables(frames(result)));
        return [...results.values()].some((result) => result instanceof CollectorError) ? 1 : 0;
      });
    });

function readRequest(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'));
  } catch (error) {
    throw new CollectorError('invalid_request', `${path} could not be read as JSON: ${(error as Error).message}`, { cause: error });
  }
}

const tables = (all: readonly Frame[]): string => all.map(frameTable).join('\n\n');

function frameTable({ schema, data }: Frame): string {
  const header = schema.fields.map((field) => field.config?.displayNameFromDS ?? field.name);
  const cell = (value: unknown, type: string): string => {
    if (value === null || value === undefined) return '–';
    if (type === 'time') return new Date(value as number).toISOString().slice(0, 10);
    return typeof value === 'number' ? String(Math.round(value * 10_000) / 10_000) : String(value);
  };
  const rows = (data.values[0] ?? []).map((_, row) => schema.fields.map((field, column) => cell(data.values[column]?.[row], field.type)));
  const notices = (schema.meta.notices ?? []).map(({ text }) => text);
  return [header.length === 0 ? 'No data' : textTable(header, rows), ...notices].join('\n');
}
