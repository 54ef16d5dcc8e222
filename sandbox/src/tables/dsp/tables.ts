import { documentedColumns } from '../documented.ts';
import { drawn } from '../event-values/draw.ts';
import { BELONGS, SEGMENT_ROWS, SEGMENT_VALUES, TARGETED } from '../event-values/segments.ts';
import { soonAfter, timeValues } from '../event-values/time.ts';
import type { AmcTable } from '../table.ts';
import { DSP_FROM, DSP_TABLE, DSP_VALUES } from './values.ts';
import { VIDEO_VALUES } from './video.ts';

export const DSP_IMPRESSIONS: AmcTable = {
  ...DSP_TABLE,
  name: 'dsp_impressions',
  description: 'Impressions and cost of Amazon DSP; costs in millicents, supply cost, fees and bids in microcents',
  columns: documentedColumns('dsp_impressions', DSP_VALUES),
};

export const DSP_CLICKS: AmcTable = {
  ...DSP_TABLE,
  name: 'dsp_clicks',
  description: 'Clicks on Amazon DSP ads, each with the impression it followed',
  where: 't.clicks > 0',
  columns: documentedColumns('dsp_clicks', {
    ...DSP_VALUES,
    ...timeValues('click', soonAfter(`3 + ${drawn('sound', 2)} * 8`), 't.hour'),
    clicks: 't.clicks',
  }),
};

export const DSP_VIDEO_EVENTS: AmcTable = {
  ...DSP_TABLE,
  name: 'dsp_video_events_feed',
  description: 'How far the films of Amazon DSP impressions were watched; other impressions have zeros',
  columns: documentedColumns('dsp_video_events_feed', { ...DSP_VALUES, ...VIDEO_VALUES }),
};

const BY_USER_SEGMENT = `${DSP_FROM} JOIN ${SEGMENT_ROWS} ON ${BELONGS}`;

export const DSP_BY_USER_SEGMENTS: AmcTable = {
  ...DSP_TABLE,
  name: 'dsp_impressions_by_user_segments',
  description: 'Impressions of Amazon DSP, once for each segment that the person belongs to',
  from: BY_USER_SEGMENT,
  columns: documentedColumns('dsp_impressions_by_user_segments', { ...DSP_VALUES, ...SEGMENT_VALUES }),
};

export const DSP_BY_MATCHED_SEGMENTS: AmcTable = {
  ...DSP_TABLE,
  name: 'dsp_impressions_by_matched_segments',
  description: 'Impressions of Amazon DSP, once for each of the person’s segments that the line item targets',
  from: `${BY_USER_SEGMENT} AND ${TARGETED}`,
  columns: documentedColumns('dsp_impressions_by_matched_segments', { ...DSP_VALUES, ...SEGMENT_VALUES }),
};
