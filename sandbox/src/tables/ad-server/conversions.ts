import { IS_PURCHASE, SALES } from '../conversions/event.ts';
import { CONVERSION_FROM } from '../conversions/tables.ts';
import { documentedColumns } from '../documented.ts';
import { OFF_AMAZON, SITE } from '../dsp/supply.ts';
import { IS_DSP } from '../event-values/campaign.ts';
import { oneOf } from '../event-values/draw.ts';
import { CONVERTED_PRODUCT } from '../event-values/product.ts';
import { timeValues } from '../event-values/time.ts';
import type { AmcTable, Values } from '../table.ts';
import { CONVERSION_VISIBLE } from '../visibility.ts';
import { ACCOUNT_VALUES } from './account.ts';

const KIND = 't.kind - 1';
const ifPurchase = (sql: string): string => `CASE WHEN ${IS_PURCHASE} THEN ${sql} END`;

/** What the tags in the advertiser's own shop reported: an order with its value, or a step towards one. */
const VALUES: Values = {
  ...ACCOUNT_VALUES,
  ...timeValues('event', 't.converted_at'),
  conversion_id: `md5('shop' || t.draw || t.kind)`,
  conversions: '1',
  conversion_activity: oneOf(['Order confirmation', 'Basket', 'Product page'], KIND),
  conversion_activity_id: `(70000 + c.advertiser_key * 10 + ${KIND})::text`,
  conversion_type: `CASE WHEN ${IS_PURCHASE} THEN 'sales' ELSE 'counter' END`,
  conversion_currency: 'c.currency',
  order_id: ifPurchase(`'O-' || left(md5(t.draw::text), 10)`),
  product_id: `'P-' || ${CONVERTED_PRODUCT}`,
  product_info: `'Product ' || ${CONVERTED_PRODUCT}`,
  quantity: `CASE WHEN ${IS_PURCHASE} THEN t.units ELSE 0 END`,
  revenue: `CASE WHEN ${IS_PURCHASE} THEN ${SALES} ELSE 0 END`,
  referrer: `'https://' || ${SITE} || '/'`,
  tag_manager: `c.advertiser || ' tags'`,
  tag_manager_id: '71000 + c.advertiser_key',
};

/** Those who came from another site than Amazon's; an instance without display advertisers has no ad server. */
const shared = {
  display: true,
  from: CONVERSION_FROM,
  time: 't.converted_at',
  visible: CONVERSION_VISIBLE,
  where: `${IS_DSP} AND ${OFF_AMAZON}`,
} as const;

export const ADSERVER_CONVERSIONS: AmcTable = {
  ...shared,
  name: 'adserver_conversions',
  description: 'What tags in the advertiser’s own shop reported to the ad server, not attributed',
  columns: documentedColumns('adserver_conversions', VALUES),
};

export const ADSERVER_CONVERSIONS_WITH_BRAND: AmcTable = {
  ...shared,
  name: 'adserver_conversions_with_brand',
  description: 'Conversions of the ad server with the brand they belong to; revenue in whole currency units',
  columns: documentedColumns('adserver_conversions_with_brand', VALUES),
};
