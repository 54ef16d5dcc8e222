import { parseCron, runsAfter } from './cron.ts';

/** Local time to instant, worked out by hand from the tz database; each row is a day with a clock change and the days around it. */
const CLOCK_CHANGES: [what: string, cron: string, zone: string, from: string, expected: string[]][] = [
  // 2026-03-08: 02:00–03:00 does not exist (PST → PDT).
  [
    'a skipped time runs when the gap ends',
    '30 2 * * *',
    'America/Los_Angeles',
    '2026-03-07T08:00Z',
    ['2026-03-07T10:30Z', '2026-03-08T10:00Z', '2026-03-09T09:30Z'],
  ],
  [
    'a time before the gap stays',
    '59 1 * * *',
    'America/Los_Angeles',
    '2026-03-07T08:00Z',
    ['2026-03-07T09:59Z', '2026-03-08T09:59Z', '2026-03-09T08:59Z'],
  ],
  [
    'a time at the end of the gap runs once',
    '0 3 * * *',
    'America/Los_Angeles',
    '2026-03-08T08:00Z',
    ['2026-03-08T10:00Z', '2026-03-09T10:00Z'],
  ],
  [
    'a list with a skipped time keeps both',
    '30 2,14 * * *',
    'America/Los_Angeles',
    '2026-03-08T08:00Z',
    ['2026-03-08T10:00Z', '2026-03-08T21:30Z', '2026-03-09T09:30Z'],
  ],
  [
    'every hour leaves out the one that is not there',
    '0 * * * *',
    'America/Los_Angeles',
    '2026-03-08T08:30Z',
    ['2026-03-08T09:00Z', '2026-03-08T10:00Z', '2026-03-08T11:00Z'],
  ],
  [
    'the weekly tick stays at its local time',
    '0 6 * * 3',
    'America/Los_Angeles',
    '2026-03-01T00:00Z',
    ['2026-03-04T14:00Z', '2026-03-11T13:00Z', '2026-03-18T13:00Z'],
  ],
  // 2026-11-01: 01:00–02:00 comes twice (PDT → PST).
  [
    'a doubled time runs at its first',
    '30 1 * * *',
    'America/Los_Angeles',
    '2026-10-31T07:00Z',
    ['2026-10-31T08:30Z', '2026-11-01T08:30Z', '2026-11-02T09:30Z'],
  ],
  [
    'every hour counts the doubled one twice',
    '0 * * * *',
    'America/Los_Angeles',
    '2026-11-01T07:30Z',
    ['2026-11-01T08:00Z', '2026-11-01T09:00Z', '2026-11-01T10:00Z', '2026-11-01T11:00Z'],
  ],
  // 2026-03-29 02:00–03:00 is skipped, 2026-10-25 02:00–03:00 doubled.
  [
    'in Berlin a skipped time runs when the gap ends',
    '15 2 * * *',
    'Europe/Berlin',
    '2026-03-28T12:00Z',
    ['2026-03-29T01:00Z', '2026-03-30T00:15Z'],
  ],
  [
    'in Berlin a doubled time runs at its first',
    '15 2 * * *',
    'Europe/Berlin',
    '2026-10-24T12:00Z',
    ['2026-10-25T00:15Z', '2026-10-26T01:15Z'],
  ],
  // Midnight itself is skipped: 2026-03-29 in Beirut, 2026-03-08 in Havana.
  ['a skipped midnight runs at one', '0 0 * * *', 'Asia/Beirut', '2026-03-28T00:00Z', ['2026-03-28T22:00Z', '2026-03-29T21:00Z']],
  [
    'a skipped midnight runs at one, far west',
    '0 0 * * *',
    'America/Havana',
    '2026-03-07T12:00Z',
    ['2026-03-08T05:00Z', '2026-03-09T04:00Z'],
  ],
  // Lord Howe moves by half an hour: 2026-10-04 02:00–02:30 is skipped, 2026-04-05 01:30–02:00 doubled.
  ['a gap of half an hour', '15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00Z', ['2026-10-03T15:30Z', '2026-10-04T15:15Z']],
  ['a doubled half hour', '45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
  [
    'a time after the doubled half hour',
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-04-04T12:00Z',
    ['2026-04-04T15:45Z', '2026-04-05T15:45Z'],
  ],
  // 2026-10-04 02:00–03:00 is skipped in Adelaide (UTC+9:30).
  [
    'a zone half an hour off, with a gap',
    '30 2 * * *',
    'Australia/Adelaide',
    '2026-10-03T12:00Z',
    ['2026-10-03T16:30Z', '2026-10-04T16:00Z'],
  ],
  // No clock changes.
  ['a zone half an hour off', '30 2 * * *', 'Asia/Kolkata', '2026-03-28T00:00Z', ['2026-03-28T21:00Z', '2026-03-29T21:00Z']],
  ['a zone three quarters off', '0 6 * * 3', 'Asia/Kathmandu', '2026-03-01T00:00Z', ['2026-03-04T00:15Z', '2026-03-11T00:15Z']],
  ['a zone that gave up clock changes', '30 2 * * *', 'America/Sao_Paulo', '2026-10-17T00:00Z', ['2026-10-17T05:30Z', '2026-10-18T05:30Z']],
];
test.each(CLOCK_CHANGES)('%s (%s, %s)', (_what, cron, timeZone, from, expected) => {
  const times = parseCron(cron, timeZone);
  expect(runsAfter(times, new Date(from), expected.length)).toEqual(expected.map((instant) => new Date(instant)));
});

test.each(['America/Los_Angeles', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia'])(
  'in %s a weekly tick comes 52 or 53 times a year, always on Wednesday at six',
  (timeZone) => {
    const runs = runsAfter(parseCron('0 6 * * 3', timeZone), new Date('2026-01-01T00:00Z'), 52);
    const local = runs.map((run) =>
      run.toLocaleString('en', { timeZone, weekday: 'short', hour: 'numeric', minute: 'numeric', hour12: false }),
    );
    expect(new Set(local)).toEqual(new Set(['Wed 06:00']));
    for (const [index, run] of runs.slice(1).entries())
      expect((run.getTime() - runs[index]!.getTime()) / 3_600_000).toBeGreaterThanOrEqual(167);
  },
);
