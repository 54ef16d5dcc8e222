import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { dayArgument, mondayArgument } from './date-argument.ts';
import { collectorProgram } from './program.ts';

/** Every option whose value is a day or a week, by its command's words. */
const dated = (command: Command, words = ''): [string, Option][] => [
  ...command.options
    .filter(({ flags }) => /<(day|monday|first\.\.last)>/.test(flags))
    .map((option): [string, Option] => [`${words}${option.long}`, option]),
  ...command.commands.flatMap((each) => dated(each, `${words}${each.name()} `)),
];
const DATED = dated(collectorProgram());

it('knows the options that take a date', () => {
  expect(DATED.map(([words]) => words)).toEqual(
    expect.arrayContaining([
      'backfill --first',
      'backfill --last',
      'import --week',
      'query --from',
      'query --to',
      'rebuild --weeks',
      'files export --weeks',
    ]),
  );
});

it.each(DATED)('%s refuses years that nobody means', (_words, { parseArg }) => {
  for (const week of ['0001-01-01', '1999-12-27', '2100-01-04', '9999-12-27'])
    expect(() => parseArg?.(week, undefined)).toThrow('must lie in the years 2000 to 2099.');
  expect(parseArg?.('2026-01-05', undefined)).toBeTruthy();
});

it('names the option and what to write', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'collector.ts'), 'backfill', '--first', '0001-01-01'], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  });
  expect(stderr).toContain("option '--first <monday>' argument '0001-01-01' is invalid. must lie in the years 2000 to 2099.");
  expect(status).toBe(1);
});

it('takes days and Mondays of those years, and says which Monday was meant', () => {
  expect(dayArgument('2000-01-01')).toBe('2000-01-01');
  expect(dayArgument('2099-12-31')).toBe('2099-12-31');
  expect(mondayArgument('2026-01-05')).toBe('2026-01-05');
  expect(() => mondayArgument('2026-01-07')).toThrow('must be a Monday; the week of 2026-01-07 is 2026-01-05.');
});
