import { formatSpan, formatWindow, formatWindowShort, nameWindow } from '../format/window';
import { countKinds, countWindows } from './windows';

const october = { firstDay: '2026-10-01', lastDay: '2026-10-31' };
const weeks = { firstDay: '2026-09-28', lastDay: '2026-10-25' };
const week = { firstDay: '2025-12-29', lastDay: '2026-01-04' };

it('calls a month by its name, weeks by their days', () => {
  expect([nameWindow('month', october), formatWindow('month', october), formatWindowShort('month', october)]).toEqual([
    'October 2026',
    'October 2026',
    'Oct 2026',
  ]);
  expect([nameWindow('4_weeks', weeks), formatWindowShort('4_weeks', weeks)]).toEqual(['28 Sep – 25 Oct 2026', '28 Sep – 25 Oct']);
  expect([nameWindow('week', week), formatWindow('week', week), formatWindowShort('week', week)]).toEqual([
    'Week of 29 Dec 2025',
    '29 Dec 2025 – 4 Jan 2026',
    '29 Dec',
  ]);
});

it('spans months from the first to the last, and a single one only once', () => {
  expect(formatSpan('month', { firstDay: '2025-11-01', lastDay: '2026-10-31' })).toBe('November 2025 – October 2026');
  expect(formatSpan('month', october)).toBe('October 2026');
  expect(formatSpan('13_weeks', { firstDay: '2025-11-03', lastDay: '2026-10-25' })).toBe('3 Nov 2025 – 25 Oct 2026');
});

it('counts windows of a kind, and those of several kinds each for itself', () => {
  expect([countWindows(12, 'month'), countWindows(1, '4_weeks'), countWindows(43, '13_weeks')]).toEqual([
    '12 months',
    '1 4-week window',
    '43 13-week windows',
  ]);
  const collections = [
    { window: 'month' as const, count: 12 },
    { window: 'week' as const, count: 52 },
    { window: 'week' as const, count: 10 },
  ];
  expect(countKinds(collections)).toBe('62 weeks, 12 months');
  expect(countKinds([])).toBe('0 weeks');
});
