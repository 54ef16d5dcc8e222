/**
 * What Amazon knows at the instant an execution looks (setting amc.now, whole hours). Traffic arrives within 48 hours
 * of the event, most of it sooner; conversions carry their own report time, and some are taken back after 28 days.
 */
export const NOW = `(SELECT current_setting('amc.now', true)::timestamp)`;

export const TRAFFIC_VISIBLE = `(t.hour <= ${NOW} - interval '48 hours'
    OR t.hour + interval '48 hours' * (((t.draw >> 56) & 63) / 64.0::float8) ^ 2 + interval '1 hour' <= ${NOW})`;

export const CONVERSION_VISIBLE = `t.visible_at <= ${NOW} AND (t.gone_at IS NULL OR t.gone_at > ${NOW})`;
