import { PassThrough } from 'node:stream';
import { createProgressBar, duration, progressLine } from './progress-bar.ts';
import { sparkline } from './sparkline.ts';
import { textTable } from './table.ts';

const half = { done: 52, total: 104, stuck: 0, inFlight: 8, rows: 12_345 };

it('says share, weeks, what is at Amazon, rows and the time left', () => {
  expect(progressLine(half, 20_000)).toBe('███████████████░░░░░░░░░░░░░░░  50 %  52/104 weeks, 8 at Amazon, 12,345 rows, about 20 s left');
});

it('says how many weeks need a person, and nothing about time at the end', () => {
  expect(progressLine({ ...half, done: 104, stuck: 2 }, 20_000)).toMatch(
    /100 % {2}104\/104 weeks, 8 at Amazon, 2 need attention, 12,345 rows$/,
  );
});

it('counts months as months, and months beside weeks as windows', () => {
  expect(progressLine({ ...half, windows: ['month'] }, 20_000)).toContain('52/104 months,');
  expect(progressLine({ ...half, windows: ['week', 'month'] }, 20_000)).toContain('52/104 windows,');
});

it('counts an empty job as finished', () => {
  expect(progressLine({ ...half, done: 0, total: 0 }, 0)).toContain('100 %');
});

it('prints a line for each tenth where there is no terminal', () => {
  const out = new PassThrough();
  const bar = createProgressBar(out);
  for (let done = 0; done <= 104; done += 1) bar.draw({ ...half, done });
  bar.end();
  expect(String(out.read()).trim().split('\n')).toHaveLength(11);
});

it.each([
  [0.2, '1 s'],
  [89, '89 s'],
  [600, '10 min'],
  [7200, '2.0 h'],
])('%d seconds read as %s', (seconds, text) => expect(duration(seconds)).toBe(text));

it('draws a gap where a number is missing and a flat line where all are equal', () => {
  expect(sparkline([0, null, 7])).toBe('▁ █');
  expect(sparkline([5, 5])).toBe('▄▄');
  expect(sparkline([])).toBe('');
});

it('aligns a table: words to the left, numbers to the right', () => {
  expect(
    textTable(
      ['KPI', '4 weeks'],
      [
        ['Spend', '$1'],
        ['ROAS', '12.34'],
      ],
    ),
  ).toBe('KPI    4 weeks\n─────  ───────\nSpend       $1\nROAS     12.34');
});
