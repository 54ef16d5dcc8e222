import { drawn } from '../event-values/draw.ts';
import type { Values } from '../table.ts';
import { IS_VIDEO } from './line-item.ts';

/** Sixteen kinds of watching: how far by the first four bits, and what was pressed by two more. */
const PLAYED = drawn('played', 4);
const PRESSED = drawn('sound', 2);

/** All the row's impressions where the condition holds and the ad is a film. */
const where = (condition: string): string => `CASE WHEN ${IS_VIDEO} AND ${condition} THEN t.impressions ELSE 0 END`;

/** One in sixteen does not start, one in three leaves before the end. */
export const STARTED = where(`${PLAYED} >= 1`);
export const FIRST_QUARTILE = where(`${PLAYED} >= 3`);
export const MIDPOINT = where(`${PLAYED} >= 4`);
export const THIRD_QUARTILE = where(`${PLAYED} >= 5`);
export const COMPLETE = where(`${PLAYED} >= 6`);
export const REPLAYED = where(`${PLAYED} = 15 AND ${PRESSED} = 1`);
export const MUTED = where(`${PLAYED} >= 1 AND ${PRESSED} = 0`);
export const UNMUTED = where(`${PLAYED} IN (7, 8) AND ${PRESSED} = 0`);
export const PAUSED = where(`${PLAYED} IN (3, 4, 9) AND ${PRESSED} = 2`);
/** Quarters of the film that were played. */
export const QUARTERS_PLAYED = `CASE WHEN ${PLAYED} >= 6 THEN 4 WHEN ${PLAYED} >= 3 THEN ${PLAYED} - 2 ELSE 0 END`;

export const VIDEO_VALUES: Values = {
  video_impression: where('true'),
  video_start: STARTED,
  video_first_quartile: FIRST_QUARTILE,
  video_midpoint: MIDPOINT,
  video_third_quartile: THIRD_QUARTILE,
  video_complete: COMPLETE,
  video_replay: REPLAYED,
  video_mute: MUTED,
  // Only who muted, and only who paused, can do the contrary.
  video_unmute: UNMUTED,
  video_pause: PAUSED,
  video_resume: where(`${PLAYED} = 9 AND ${PRESSED} = 2`),
  video_skip_forward: where(`${PLAYED} = 2 AND ${PRESSED} = 3`),
  video_skip_backward: where(`${PLAYED} = 10 AND ${PRESSED} = 3`),
  video_creative_view: where(`${PLAYED} >= 1 AND ${PRESSED} = 3`),
  video_click: `CASE WHEN ${IS_VIDEO} THEN t.clicks ELSE 0 END`,
};
