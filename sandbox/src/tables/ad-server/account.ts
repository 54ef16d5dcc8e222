import { DEVICE_VALUES } from '../event-values/device.ts';
import { oneOf } from '../event-values/draw.ts';
import { PERSON_VALUES } from '../event-values/person.ts';
import { PLACE_VALUES } from '../event-values/place.ts';
import type { Values } from '../table.ts';

/** Each campaign of the ad server advertises one of its advertiser's two brands. */
const BRAND = 'c.key % 2';

/** The advertiser's account of the ad server, with the person, place and device of an event in the ad server's words. */
export const ACCOUNT_VALUES: Values = {
  ...PERSON_VALUES,
  ...PLACE_VALUES,
  ...DEVICE_VALUES,
  city: PLACE_VALUES.city_name ?? '',
  device_brand: DEVICE_VALUES.device_make ?? '',
  environment: `CASE ${DEVICE_VALUES.environment_type ?? ''} WHEN 'App' THEN 'in-app' ELSE 'web' END`,
  account_currency: 'c.currency',
  account_timezone: 'c.time_zone',
  advertiser: 'c.advertiser',
  advertiser_id: '61000 + c.advertiser_key',
  vertical: oneOf(['Sports & Outdoors', 'Home', 'Toys', 'Kitchen'], '(c.advertiser_key - 1)'),
  adserver_brand: `split_part(c.advertiser, ' ', 1) || CASE ${BRAND} WHEN 0 THEN ' Basics' ELSE ' Studio' END`,
  adserver_brand_id: `62000 + c.advertiser_key * 10 + ${BRAND}`,
};
