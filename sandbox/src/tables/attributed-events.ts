import { CAMPAIGN_COLUMNS, PLACE_COLUMNS, timeColumns } from './shared-columns.ts';
import { low, metric, USER_ID, veryHigh, type AmcTable, type ScalarType, type TableColumn } from './table.ts';
import { CONVERSION_VISIBLE } from './visibility.ts';

/**
 * The metric families of the attributed tables: base, `_clicks` (earned by a click) and `_views` (by an impression);
 * the promoted product's own and, as total_, with the brand's others. Halo events are purchases of another product.
 */
function family(
  name: string,
  total: string,
  halo: string | undefined,
  value: string,
  when: string,
  type: ScalarType = 'LONG',
): TableColumn[] {
  const zero = type === 'DECIMAL' ? '0::numeric' : '0';
  const variants = (column: string, condition: string): TableColumn[] =>
    [
      ['', ''],
      ['_clicks', ' AND t.clicked'],
      ['_views', ' AND NOT t.clicked'],
    ].map(([suffix, more]) => metric(`${column}${suffix}`, `CASE WHEN ${condition}${more} THEN ${value} ELSE ${zero} END`, type));
  return [...variants(name, `${when} AND NOT t.halo`), ...variants(total, when), ...(halo ? variants(halo, `${when} AND t.halo`) : [])];
}

const PURCHASE = 't.kind = 1';
const NEW = 't.kind = 1 AND t.new_to_brand';
/** Whole cents, so that sums are exact to the cent. */
const SALES = '(t.sales_cents / 100.0)::numeric(38, 4)';

const METRICS: readonly TableColumn[] = [
  metric('conversions', '1'),
  metric('impressions', 'CASE WHEN t.clicked THEN 0 ELSE 1 END'),
  metric('clicks', 'CASE WHEN t.clicked THEN 1 ELSE 0 END'),
  ...family('purchases', 'total_purchases', 'brand_halo_purchases', '1', PURCHASE),
  ...family('product_sales', 'total_product_sales', 'brand_halo_product_sales', SALES, PURCHASE, 'DECIMAL'),
  ...family('units_sold', 'total_units_sold', 'brand_halo_units_sold', 't.units::int', PURCHASE),
  ...family('add_to_cart', 'total_add_to_cart', 'brand_halo_add_to_cart', '1', 't.kind = 2'),
  ...family('detail_page_view', 'total_detail_page_view', 'brand_halo_detail_page_view', '1', 't.kind = 3'),
  ...family('new_to_brand_purchases', 'new_to_brand_total_purchases', 'new_to_brand_brand_halo_purchases', '1', NEW),
  ...family(
    'new_to_brand_product_sales',
    'new_to_brand_total_product_sales',
    'new_to_brand_brand_halo_product_sales',
    SALES,
    NEW,
    'DECIMAL',
  ),
  ...family('new_to_brand_units_sold', 'new_to_brand_total_units_sold', 'new_to_brand_brand_halo_units_sold', 't.units::int', NEW),
  metric('combined_sales', `CASE WHEN ${PURCHASE} THEN ${SALES} ELSE 0::numeric END`, 'DECIMAL'),
  metric('off_amazon_product_sales', '0::numeric', 'DECIMAL'),
  metric('off_amazon_conversion_value', '0::numeric', 'DECIMAL'),
];

const KIND = `(ARRAY['order', 'shoppingCart', 'detailPageView'])[t.kind]`;

const COLUMNS: readonly TableColumn[] = [
  USER_ID,
  ...CAMPAIGN_COLUMNS,
  low('ad_product_type', `NULLIF(c.product, 'amazon_dsp')`),
  low('advertiser_id', `CASE WHEN c.product = 'amazon_dsp' THEN c.dsp_advertiser_id ELSE c.entity_id END`),
  low('line_item', `CASE WHEN c.product = 'amazon_dsp' THEN 'Line item ' || (1 + (t.draw & 1)) END`),
  low('purchase_currency', 'c.currency'),
  low('currency_iso_code', 'c.currency'),
  ...timeColumns('traffic_event', 't.traffic_hour', 't.traffic_hour'),
  ...timeColumns('conversion_event', 't.converted_at'),
  low('traffic_event_type', `CASE WHEN t.clicked THEN 'CLICK' ELSE 'VIEW' END`),
  low('traffic_event_subtype', `CASE WHEN t.clicked THEN 'AD_CLICK' ELSE 'AD_IMP' END`),
  low('conversion_event_type', `CASE WHEN t.kind = 1 THEN 'PURCHASE' ELSE 'WEBSITE' END`),
  low('conversion_event_subtype', KIND),
  low('conversion_event_category', `CASE WHEN t.kind = 1 THEN 'purchase' ELSE 'website' END`),
  low('tracked_asin', `'B0SANDBX' || lpad(((t.campaign + t.halo::int) % 100)::text, 2, '0')`),
  low('new_to_brand', 't.new_to_brand', 'BOOLEAN'),
  ...PLACE_COLUMNS.filter((column) => column.threshold === 'HIGH' || column.name === 'iso_country_code'),
  veryHigh('traffic_event_id', 'md5(t.draw::text)'),
  ...METRICS,
];

/** An instance without display advertisers has no DSP conversions either. */
const WHERE = `(c.product <> 'amazon_dsp' OR (SELECT current_setting('amc.display', true)) = 'on')`;
const shared = {
  display: false,
  from: 'sandbox.conversion t JOIN sandbox.campaign c ON c.key = t.campaign',
  visible: CONVERSION_VISIBLE,
  where: WHERE,
} as const;

export const ATTRIBUTED_BY_TRAFFIC_TIME: AmcTable = {
  ...shared,
  name: 'amazon_attributed_events_by_traffic_time',
  description: 'Conversions attributed to traffic inside the time window, up to 30 days after it',
  time: 't.traffic_hour',
  columns: COLUMNS,
};

export const ATTRIBUTED_BY_CONVERSION_TIME: AmcTable = {
  ...shared,
  name: 'amazon_attributed_events_by_conversion_time',
  description: 'Conversions inside the time window, with the traffic that earned them up to 14 days before',
  time: 't.converted_at',
  columns: COLUMNS,
};

export const CONVERSIONS: AmcTable = {
  ...shared,
  name: 'conversions',
  description: 'Conversions of people who saw or clicked an ad in the 28 days before',
  time: 't.converted_at',
  columns: [
    USER_ID,
    low('event_subtype', KIND),
    low('event_type', `CASE WHEN t.kind = 1 THEN 'PURCHASE' ELSE 'WEBSITE' END`),
    low('event_category', `CASE WHEN t.kind = 1 THEN 'purchase' ELSE 'website' END`),
    ...timeColumns('event', 't.converted_at'),
    low('tracked_asin', `'B0SANDBX' || lpad(((t.campaign + t.halo::int) % 100)::text, 2, '0')`),
    low('purchase_currency', 'c.currency'),
    low('marketplace_name', `CASE c.marketplace WHEN 'US' THEN 'AMAZON.COM' ELSE 'AMAZON.DE' END`),
    low('new_to_brand', 't.new_to_brand', 'BOOLEAN'),
    veryHigh('conversion_id', 'md5(t.draw::text || t.kind)'),
    metric('conversions', '1'),
    metric('purchases', `CASE WHEN ${PURCHASE} THEN 1 ELSE 0 END`),
    metric('total_product_sales', `CASE WHEN ${PURCHASE} THEN ${SALES} ELSE 0::numeric END`, 'DECIMAL'),
    metric('total_units_sold', `CASE WHEN ${PURCHASE} THEN t.units::int ELSE 0 END`),
    metric('combined_sales', `CASE WHEN ${PURCHASE} THEN ${SALES} ELSE 0::numeric END`, 'DECIMAL'),
    metric('off_amazon_product_sales', '0::numeric', 'DECIMAL'),
    metric('off_amazon_conversion_value', '0::numeric', 'DECIMAL'),
  ],
};
