import {
  COMPLETE,
  FIRST_QUARTILE,
  MIDPOINT,
  MUTED,
  PAUSED,
  QUARTERS_PLAYED,
  REPLAYED,
  STARTED,
  THIRD_QUARTILE,
  UNMUTED,
} from '../dsp/video.ts';
import { CREATIVE_SECONDS, IS_STREAMING, IS_VIDEO } from '../dsp/line-item.ts';
import { drawn } from '../event-values/draw.ts';
import { all, type Values } from '../table.ts';

/** Of ten impressions nine can be measured, eight are recorded and six seen, as in dsp_views. */
const VIEWABLE = 't.impressions * 6 / 10';
const viewable = (played: string): string => `least(${played}, ${VIEWABLE})`;

/** One row in 64 is taken for a machine's. */
const INVALID = `${drawn('placement', 3)} = 0 AND ${drawn('searchTerm', 3)} = 0`;
const onlyIf = (condition: string, sql: string): string => `CASE WHEN ${condition} THEN ${sql} ELSE 0 END`;

const SECONDS_PLAYED = `${CREATIVE_SECONDS} * ${QUARTERS_PLAYED} / 4`;

/** The sandbox's ads are all served as planned, with script, and nobody watches full screen. */
const NONE = all(
  [
    ...['default_ad', 'hard_stop', 'no_script'].flatMap((reason) => [`impressions_${reason}`, `clicks_${reason}`]),
    ...['duration', 'ended', 'muted', 'paused', 'started'].map((what) => `video_full_screen_${what}`),
    'search_clicks',
  ],
  '0',
);

export const AD_SERVER_METRICS: Values = {
  impressions: 't.impressions',
  impressions_sivt: onlyIf(INVALID, 't.impressions'),
  impressions_ssai: onlyIf(IS_STREAMING, 't.impressions'),
  measurable_impressions: 't.impressions * 9 / 10',
  recordable_impressions: 't.impressions * 8 / 10',
  viewable_impressions: VIEWABLE,
  clicks: 't.clicks',
  clicks_sivt: onlyIf(INVALID, 't.clicks'),
  clicks_ssai: onlyIf(IS_STREAMING, 't.clicks'),
  ...NONE,
  ad_started: 't.impressions',
  ad_duration: `CASE WHEN ${IS_VIDEO} THEN ${SECONDS_PLAYED} ELSE 1 + ${drawn('played', 4)} END`,
  video_started: STARTED,
  video_played_25pc: FIRST_QUARTILE,
  video_played_50pc: MIDPOINT,
  video_played_75pc: THIRD_QUARTILE,
  video_played_100pc: COMPLETE,
  video_played_25pc_viewable: viewable(FIRST_QUARTILE),
  video_played_50pc_viewable: viewable(MIDPOINT),
  video_played_75pc_viewable: viewable(THIRD_QUARTILE),
  video_played_100pc_viewable: viewable(COMPLETE),
  video_played_duration: onlyIf(IS_VIDEO, `t.impressions * ${SECONDS_PLAYED}`),
  video_percentage_complete: onlyIf(IS_VIDEO, `25 * ${QUARTERS_PLAYED}`),
  video_played_with_sound: `${STARTED} - ${MUTED}`,
  video_muted: MUTED,
  video_unmuted: UNMUTED,
  video_paused: PAUSED,
  video_replayed: REPLAYED,
  video_skipped: `${STARTED} - ${COMPLETE}`,
};
