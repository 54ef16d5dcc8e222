import { addDays, type IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { dayNumber } from './day.ts';

const weekday = (day: IsoDate): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** The n-th given weekday (0 Sunday) of a month. */
function nthWeekday(year: number, month: number, day: number, n: number): IsoDate {
  const first = `${year}-${String(month).padStart(2, '0')}-01`;
  return addDays(first, ((day - weekday(first) + 7) % 7) + (n - 1) * 7);
}

/** Shopping is livelier at the weekend. */
const WEEKDAY_TRAFFIC = [1.14, 0.97, 0.93, 0.94, 0.96, 1.0, 1.09];
const WEEKDAY_CONVERSIONS = [1.12, 1.02, 0.98, 0.96, 0.95, 0.95, 1.03];

export interface Season {
  traffic: number;
  conversions: number;
  cost: number;
}

/** Prime Day: second Tuesday and Wednesday of July. Black Friday to Cyber Monday, with a lead-up. Amazon varies the dates; the sandbox does not. */
function event(day: IsoDate): Season {
  const year = Number(day.slice(0, 4));
  const primeDay = nthWeekday(year, 7, 2, 2);
  if (day === primeDay || day === addDays(primeDay, 1)) return { traffic: 2.1, conversions: 1.8, cost: 1.35 };
  const blackFriday = addDays(nthWeekday(year, 11, 4, 4), 1);
  if (day === blackFriday) return { traffic: 2.3, conversions: 1.9, cost: 1.45 };
  if (day > blackFriday && day <= addDays(blackFriday, 3)) return { traffic: 1.8, conversions: 1.6, cost: 1.35 };
  if (day >= addDays(blackFriday, -7) && day < blackFriday) return { traffic: 1.25, conversions: 1.1, cost: 1.15 };
  return { traffic: 1, conversions: 1, cost: 1 };
}

/** Yearly wave: peak in December, trough in February and in high summer. */
function yearly(day: IsoDate): number {
  const angle = (2 * Math.PI * (dayNumber(day) % 365.25)) / 365.25;
  return 1 + 0.14 * Math.cos(angle + 0.25) + 0.06 * Math.cos(2 * angle);
}

/** Factors on an average day, from the calendar alone. */
export function season(day: IsoDate): Season {
  const special = event(day);
  return {
    traffic: (WEEKDAY_TRAFFIC[weekday(day)] ?? 1) * yearly(day) * special.traffic,
    conversions: (WEEKDAY_CONVERSIONS[weekday(day)] ?? 1) * special.conversions,
    cost: (0.9 + 0.1 * yearly(day)) * special.cost,
  };
}
