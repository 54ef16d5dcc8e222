/** What events are about. A kind that is only listed here is told as its name and id; the listener asks for the rest. */
export const EVENT_KINDS = ['collection', 'week', 'schedule', 'held_run'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
