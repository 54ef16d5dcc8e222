import { addDays, daysBetween, type IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';

/** Days since 1970-01-01: everything the sandbox does by the calendar is a function of this number. */
export const dayNumber = (day: IsoDate): number => daysBetween('1970-01-01', day);
export const dayOf = (number: number): IsoDate => addDays('1970-01-01', number);

/** Non-negative remainder. */
export const mod = (value: number, divisor: number): number => ((value % divisor) + divisor) % divisor;

export const utcDay = (instant: Date): IsoDate => instant.toISOString().slice(0, 10);
