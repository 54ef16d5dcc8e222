import { MARKETPLACE } from '../event-values/campaign.ts';
import { oneOf } from '../event-values/draw.ts';
import { PERSON_VALUES } from '../event-values/person.ts';
import { CONVERTED_ASIN } from '../event-values/product.ts';
import { UNFILLED, type Values } from '../table.ts';

/** Kinds of the base table: 1 purchase, 2 add to cart, 3 detail page view. */
export const IS_PURCHASE = 't.kind = 1';
const byKind = (...values: readonly string[]): string => oneOf(values, 't.kind - 1');

/** Whole cents, so that sums are exact to the cent. */
export const SALES = '(t.sales_cents / 100.0)::numeric(38, 4)';
export const ifPurchase = (sql: string): string => `CASE WHEN ${IS_PURCHASE} THEN ${sql} ELSE 0 END`;

/** What a conversion was, without a prefix; the attributed tables say conversion_event_ before it. */
export const CONVERSION_KIND_VALUES: Values = {
  type: `'CONVERSION'`,
  subtype: byKind('order', 'shoppingCart', 'detailPageView'),
  category: byKind('purchase', 'website', 'website'),
  type_class: byKind('conversion', 'consideration', 'consideration'),
  type_description: byKind('Product purchased', 'Add to Shopping Cart', 'Product detail page viewed'),
};

export const prefixed = (prefix: string, values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, sql]) => [prefix + name, sql]));

/** What every table of conversions tells of one. */
export const CONVERSION_VALUES: Values = {
  ...PERSON_VALUES,
  ...prefixed('event_', CONVERSION_KIND_VALUES),
  // Advertisers name and send only what happens off Amazon, and here nothing does.
  conversion_event_name: UNFILLED,
  conversion_event_source_name: UNFILLED,
  conversion_id: 'md5(t.draw::text || t.kind)',
  conversions: '1',
  marketplace_name: MARKETPLACE,
  new_to_brand: 't.new_to_brand',
  tracked_item: CONVERTED_ASIN,
  tracked_asin: `CASE WHEN ${IS_PURCHASE} THEN ${CONVERTED_ASIN} END`,
  purchase_currency: 'c.currency',
  purchase_retail_program: `CASE WHEN ${IS_PURCHASE} THEN 'Amazon.com' END`,
  purchase_unit_price: `CASE WHEN ${IS_PURCHASE} THEN round(${SALES} / t.units, 4) ELSE 0 END`,
  total_product_sales: ifPurchase(SALES),
  total_units_sold: ifPurchase('t.units'),
  combined_sales: ifPurchase(SALES),
  off_amazon_product_sales: '0',
  off_amazon_conversion_value: '0',
};
