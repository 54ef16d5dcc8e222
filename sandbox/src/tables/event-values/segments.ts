import { drawn, text } from './draw.ts';
import type { Values } from '../table.ts';

/** Audience segments: of every `of` people `has` belong to one, by the remainder of their id. Primes, so that segments overlap freely. */
const SEGMENTS: readonly (readonly [id: number, name: string, description: string, of: number, has: number])[] = [
  [410101, 'In-market: camping and hiking', 'Shopped for tents, packs or stoves in the last 30 days', 7, 2],
  [410102, 'In-market: cookware', 'Shopped for pots, pans or knives in the last 30 days', 11, 3],
  [410103, 'In-market: toys and games', 'Shopped for toys in the last 30 days', 13, 4],
  [410104, 'In-market: home lighting', 'Shopped for lamps in the last 30 days', 17, 3],
  [410201, 'Lifestyle: outdoor enthusiasts', 'Buys outdoor goods throughout the year', 19, 5],
  [410202, 'Lifestyle: home cooks', 'Buys kitchen goods throughout the year', 23, 6],
  [410203, 'Lifestyle: families with children', 'Buys for children throughout the year', 29, 9],
  [410204, 'Lifestyle: gift givers', 'Sends what is bought to other addresses', 31, 4],
  [410301, 'Remarketing: viewed the brand', 'Looked at a product of the brand in the last 30 days', 37, 7],
  [410302, 'Remarketing: left in the cart', 'Left a product of the brand in the cart', 41, 3],
  [410303, 'Remarketing: past buyers', 'Bought the brand in the last 12 months', 43, 5],
  [410401, 'Streaming: ad-supported viewers', 'Watches television with advertising', 47, 16],
];

export const SEGMENT_ROWS = `(VALUES ${SEGMENTS.map(([id, name, about, of, has]) => `(${id}, ${text(name)}, ${text(about)}, ${of}, ${has})`).join(', ')}) s(id, name, about, of_people, has)`;

/** The person of the row belongs to the segment; nobody knows of people without an id. */
export const BELONGS = 't.user_id % s.of_people < s.has';

/** Every line item targets a third of the segments, its own ones. */
export const TARGETED = `(s.id + c.key + ${drawn('ad', 1)}) % 3 = 0`;

const ids = (condition: string): string => `(SELECT array_agg(s.id ORDER BY s.id) FROM ${SEGMENT_ROWS} WHERE ${condition})`;
export const USER_SEGMENT_IDS = ids(BELONGS);
export const MATCHED_SEGMENT_IDS = ids(`${BELONGS} AND ${TARGETED}`);

/** Of a row that an event has for each segment. */
export const SEGMENT_VALUES: Values = {
  behavior_segment_id: 's.id',
  behavior_segment_name: 's.name',
  behavior_segment_description: 's.about',
  behavior_segment_matched: `CASE WHEN ${TARGETED} THEN 1 ELSE 0 END`,
};
