import { Command, InvalidArgumentError, Option } from 'commander';
import { CollectorError } from '../../contract/error.ts';
import { setWorkspaceCalendar, workspaceCalendar } from '../../engine/access/workspace-calendar.ts';
import { workspaceByName } from '../../engine/access/workspaces.ts';
import { addDays, daysBetween, type IsoDate } from '../../ground/calendar/week.ts';
import { PERIOD_PATTERNS, type PeriodPattern, type ReportingCalendar } from '../../ground/calendar/reporting-calendar.ts';
import { recorded } from './recorded.ts';
import { runOnDatabase } from './run.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const PATTERNS = Object.keys(PERIOD_PATTERNS) as PeriodPattern[];

interface Options {
  weekStartsOn?: number;
  monthStartsOn?: number;
  periods?: PeriodPattern;
  years?: IsoDate[];
}

export const calendarCommand = (): Command =>
  new Command('calendar')
    .description('Show or set the weeks and months that a workspace reports in; data are not touched')
    .argument('<name>')
    .addOption(new Option('--week-starts-on <weekday>', 'first day of the week').argParser(weekday))
    .addOption(new Option('--month-starts-on <number>', 'day of the month on which months begin, 1 to 28').argParser(dayOfMonth))
    .addOption(new Option('--periods <pattern>', 'fiscal periods of whole weeks instead of months').choices(PATTERNS))
    .addOption(new Option('--years <days>', 'first days of fiscal years, such as 2026-02-01,2027-01-31').argParser(days))
    .addHelpText(
      'after',
      '\nWeeks other than Monday to Sunday, and months other than the calendar’s, are added up from days. A year of 53 weeks is told by the next year’s first day.\nExample: collector workspace calendar default --week-starts-on sunday --periods 4-4-5 --years 2026-02-01,2027-01-31',
    )
    .action(async (name: string, options: Options) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const id = await workspaceByName(foundation.store.pool, name);
        if (Object.keys(options).length > 0) {
          const calendar = calendarOf(options);
          const entry = { workspaceId: id, action: 'workspace.calendar', subject: `workspace ${name}`, details: { ...options } };
          await recorded(foundation, entry, async (tx) => void (await setWorkspaceCalendar(tx, id, calendar)));
        }
        out(describe(await workspaceCalendar(foundation.store.pool, id)));
        return 0;
      });
    });

function calendarOf({ weekStartsOn = 1, monthStartsOn = 1, periods, years }: Options): ReportingCalendar {
  if (periods === undefined) {
    if (years !== undefined) throw wrong('--years belongs to --periods: say how the year is divided, such as --periods 4-4-5.');
    return { weekStartsOn, months: { kind: 'calendar', startsOn: monthStartsOn } };
  }
  if (monthStartsOn !== 1) throw wrong('--month-starts-on and --periods are two ways to say what a month is. Give one of them.');
  if (years === undefined) throw wrong('--periods needs --years: the first days of your fiscal years, such as 2026-02-01,2027-01-31.');
  years.slice(1).forEach((year, index) => {
    const weeks = daysBetween(years[index]!, year) / 7;
    if (weeks !== 52 && weeks !== 53)
      throw wrong(`From ${years[index]} to ${year} are ${weeks.toFixed(1)} weeks; a fiscal year has 52 or 53. Check the days.`);
  });
  return { weekStartsOn, months: { kind: periods, years } };
}

function describe({ weekStartsOn, months }: ReportingCalendar): string {
  const weeks = `Weeks begin on ${WEEKDAYS[weekStartsOn - 1]}`;
  if (months.kind !== 'calendar') return `${weeks}; months are periods of ${months.kind} weeks in years from ${months.years.join(', ')}.`;
  return `${weeks}; months begin on day ${months.startsOn}${months.startsOn === 1 ? ' (calendar months)' : ''}.`;
}

const wrong = (message: string): CollectorError => new CollectorError('invalid_request', message);

function weekday(text: string): number {
  const at = WEEKDAYS.indexOf(text.toLowerCase());
  if (at < 0) throw new InvalidArgumentError(`must be a weekday: ${WEEKDAYS.join(', ')}.`);
  return at + 1;
}

function dayOfMonth(text: string): number {
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > 28)
    throw new InvalidArgumentError('must be a day that every month has, 1 to 28.');
  return Number(text);
}

function days(text: string): IsoDate[] {
  const list = text.split(',').map((day) => day.trim());
  const odd = list.find((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)) || addDays(day, 0) !== day);
  if (odd !== undefined) throw new InvalidArgumentError(`'${odd}' is no day; write them as yyyy-mm-dd, separated by commas.`);
  return list.sort();
}
