import { SALES } from '../conversions/event.ts';
import { all, type Values } from '../table.ts';

/** How a conversion was earned, as the metrics' names end: either way, by a click, by an impression. */
const ENDINGS: readonly (readonly [ending: string, condition: string])[] = [
  ['', ''],
  ['_clicks', ' AND t.clicked'],
  ['_views', ' AND NOT t.clicked'],
];

/**
 * A family of metrics: the promoted product's own, the brand's others (halo) and, as total, both; each either way, by
 * click and by impression.
 */
function family(names: { own: string; total: string; halo: string }, value: string, when: string): Values {
  const variants = (name: string, condition: string): [string, string][] =>
    ENDINGS.map(([ending, more]) => [name + ending, `CASE WHEN ${condition}${more} THEN ${value} ELSE 0 END`]);
  return Object.fromEntries([
    ...variants(names.own, `${when} AND NOT t.halo`),
    ...variants(names.total, when),
    ...variants(names.halo, `${when} AND t.halo`),
  ]);
}

const plain = (name: string) => ({ own: name, total: `total_${name}`, halo: `brand_halo_${name}` });
const newToBrand = (name: string) => ({
  own: `new_to_brand_${name}`,
  total: `new_to_brand_total_${name}`,
  halo: `new_to_brand_brand_halo_${name}`,
});

const PURCHASE = 't.kind = 1';
const FIRST_PURCHASE = `${PURCHASE} AND t.new_to_brand`;

/** Sign-ups for subscriptions: nobody in the sandbox sells any. */
const SUBSCRIPTIONS = ['', 'free_trial_', 'paid_']
  .flatMap((kind) => [`digital_${kind}subscription_signup_purchases`, `digital_${kind}app_subscription_signup_purchases`])
  .flatMap((name) => ENDINGS.map(([ending]) => name + ending));

export const ATTRIBUTED_METRICS: Values = {
  impressions: 'CASE WHEN t.clicked THEN 0 ELSE 1 END',
  clicks: 'CASE WHEN t.clicked THEN 1 ELSE 0 END',
  ...family(plain('purchases'), '1', PURCHASE),
  ...family(plain('product_sales'), SALES, PURCHASE),
  ...family(plain('units_sold'), 't.units', PURCHASE),
  ...family(plain('add_to_cart'), '1', 't.kind = 2'),
  ...family(plain('detail_page_view'), '1', 't.kind = 3'),
  ...family(newToBrand('purchases'), '1', FIRST_PURCHASE),
  ...family(newToBrand('product_sales'), SALES, FIRST_PURCHASE),
  ...family(newToBrand('units_sold'), 't.units', FIRST_PURCHASE),
  ...all(SUBSCRIPTIONS, '0'),
};
