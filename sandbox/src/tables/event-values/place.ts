import { oneOf } from './draw.ts';
import type { Values } from '../table.ts';

const GERMAN = `c.marketplace = 'DE'`;

/** Where a person lives does not change from ad to ad; people nobody knows live nowhere. */
export const PLACE_VALUES: Values = {
  iso_country_code: `CASE WHEN ${GERMAN} THEN 'DE' ELSE 'US' END`,
  iso_state_province_code: `CASE WHEN ${GERMAN} THEN ${oneOf(['DE-BY', 'DE-BE', 'DE-NW', 'DE-HH'], 't.user_id % 4')}
    ELSE ${oneOf(['US-CA', 'US-NY', 'US-TX', 'US-WA', 'US-FL'], 't.user_id % 5')} END`,
  dma_code: `CASE WHEN NOT ${GERMAN} THEN 'US-DMA' || (501 + t.user_id % 60) END`,
  city_name: oneOf(['Springfield', 'Riverside', 'Fairview', 'Georgetown', 'Ålesund', 'Köln'], 't.user_id % 6'),
  postal_code: `lpad((10001 + (t.user_id % 9973) % 400)::text, 5, '0')`,
};
