/**
 * Time windows that one execution can cover. Everything is kept under a Monday, the window's anchor: windows of weeks end with the
 * anchor's week, a month is anchored at the Monday whose week holds its first day (calendar/window.ts).
 */
export const WINDOWS = ['week', '4_weeks', '13_weeks', 'month'] as const;
export type WindowKind = (typeof WINDOWS)[number];
