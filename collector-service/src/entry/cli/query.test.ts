import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { queryRequestSchema } from '../../contract/query.ts';
import { collectorProgram } from './program.ts';
import { requestOf } from './query-request.ts';

const NOW = new Date('2026-12-01T09:00:00Z');
const BERLIN = { grain: 'week', from: '2026-06-01', to: '2026-11-02', timeZone: 'Europe/Berlin' };

const collector = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'collector.ts'), ...args], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  });
  return { status, stderr };
};

it('asks for whole days of the zone, across daylight saving', () => {
  const request = queryRequestSchema.parse(requestOf({ ...BERLIN, metrics: ['spend'] }, NOW));
  expect(new Date(request.from).toISOString()).toBe('2026-05-31T22:00:00.000Z');
  expect(new Date(request.to).toISOString()).toBe('2026-11-01T23:00:00.000Z');
  expect(request.timeZone).toBe('Europe/Berlin');
});

it('asks until now when no last day is named', () => {
  const { to: _, ...options } = BERLIN;
  expect(requestOf({ ...options, metrics: ['spend'] }, NOW).to).toBe(NOW.getTime());
});

it('passes on what to compare with and what becomes of the hidden rest', () => {
  const options = { ...BERLIN, metrics: ['spend'], compare: 'previous_year_dates', rest: 'hide', json: true };
  expect(queryRequestSchema.parse(requestOf(options, NOW)).queries[0]).toMatchObject({ compare: 'previous_year_dates', rest: 'hide' });
});

it('passes on days of one’s own, transforms and others', () => {
  const options = {
    ...BERLIN,
    metrics: ['spend'],
    compare: 'custom',
    compareTo: { from: '2026-01-05', to: '2026-01-18' },
    transform: 'share',
    others: true,
  };
  expect(queryRequestSchema.parse(requestOf(options, NOW)).queries[0]).toMatchObject({
    compare: 'custom',
    compareTo: { from: '2026-01-05', to: '2026-01-18' },
    transform: 'share',
    others: true,
  });
});

it('explains its options', () => {
  const help = collectorProgram()
    .commands.find((command) => command.name() === 'query')!
    .helpInformation()
    .replaceAll(/\s+/g, ' ');
  for (const told of ['--time-zone <zone>', '(default: "UTC")', '"previous_year_dates"', '--rest <what>', 'choices: "show", "hide"'])
    expect(help).toContain(told);
});

it.each([
  ['--time-zone', 'Europe/Bonn', 'must be an IANA time zone such as Europe/Berlin, or UTC.'],
  ['--time-zone', '+01:00', 'must be an IANA time zone'],
  ['--rest', 'drop', 'Allowed choices are show, hide.'],
  ['--compare', 'previous_decade', 'Allowed choices are none, previous_period, previous_year, previous_year_dates, custom.'],
  ['--compare-to', '2026-01-05', 'must be two days such as 2026-01-05,2026-01-18.'],
  ['--transform', 'sum', 'Allowed choices are none, share, cumulative, moving_average.'],
  ['--from', '2026-02-30', 'must be a day such as 2026-01-05.'],
  ['--to', 'yesterday', 'must be a day such as 2026-01-05.'],
])('refuses %s %s in words', (option, value, words) => {
  expect(collector('query', '--metrics', 'spend', option, value)).toMatchObject({ status: 1, stderr: expect.stringContaining(words) });
});
