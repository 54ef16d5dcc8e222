import { dateTimeFormat, dateTimeFormatTimeAgo } from '@grafana/data';

/** An instant in the zone of the person's Grafana preferences. */
export const formatInstant = (instant: string): string => dateTimeFormat(instant);
/** How long ago, for example '3 hours ago'. */
export const formatAgo = (instant: string): string => dateTimeFormatTimeAgo(instant);
