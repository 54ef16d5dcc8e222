import { documentedColumns } from '../documented.ts';
import { drawn } from '../event-values/draw.ts';
import { soonAfter, timeValues } from '../event-values/time.ts';
import type { AmcTable } from '../table.ts';
import { DSP_FROM, DSP_TABLE, DSP_VALUES, REQUEST_TAG } from './values.ts';

/** What cannot be measured is estimated in one of two ways. */
const ESTIMATED = `CASE ${drawn('slot', 1)} WHEN 0 THEN 'UNMEASURABLE_IMP' ELSE 'SYNTHETIC_VIEW' END`;

/** A row for each kind of view event that the base row's impressions had: of ten, nine are measurable, six seen and one is estimated. */
const EVENTS = `(VALUES ('MEASURABLE_IMP', t.impressions * 9 / 10), ('VIEW', t.impressions * 6 / 10), (${ESTIMATED}, t.impressions / 10)) e(event_type, events)`;

const countOf = (condition: string): string => `CASE WHEN ${condition} THEN e.events ELSE 0 END`;

export const DSP_VIEWS: AmcTable = {
  ...DSP_TABLE,
  name: 'dsp_views',
  description: 'View events of Amazon DSP impressions: measurable, viewable, estimated',
  from: `${DSP_FROM} CROSS JOIN LATERAL ${EVENTS}`,
  where: 'e.events > 0',
  columns: documentedColumns('dsp_views', {
    ...DSP_VALUES,
    // Seen is who looks for a second or two.
    ...timeValues('event', soonAfter(`CASE e.event_type WHEN 'VIEW' THEN 2 ELSE 0 END`), 't.hour'),
    impression_id: REQUEST_TAG,
    event_type: 'e.event_type',
    view_definition: `CASE e.event_type WHEN 'VIEW' THEN 'MRC' END`,
    events: 'e.events',
    measurable_impressions: countOf(`e.event_type = 'MEASURABLE_IMP'`),
    viewable_impressions: countOf(`e.event_type = 'VIEW'`),
    unmeasurable_viewable_impressions: countOf(`e.event_type IN ('UNMEASURABLE_IMP', 'SYNTHETIC_VIEW')`),
  }),
};
