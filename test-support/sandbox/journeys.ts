/**
 * The ways of people to their purchases, for tests: read from the sandbox's base events and put together here, past its SQL. A touch is an
 * hour of a campaign of the purchase's advertiser, in the 14 days up to the purchase.
 */
export interface Touch {
  person: string;
  advertiser: string;
  campaign: string;
  /** As the base table has it: sponsored_products, … amazon_dsp. */
  product: string;
  /** Number of the campaign, of which the sandbox makes portfolio and goal. */
  key: number;
  /** Milliseconds. */
  hour: number;
  currency: string;
  cost: number;
}

export interface Journey {
  id: string;
  person: string;
  advertiser: string;
  currency: string;
  sales: number;
  hour: number;
  /** In the order of time. */
  touches: Touch[];
}

const LOOK_BACK_MS = 14 * 86_400_000;

/** SELECT of purchases for Truth.rows: of known people, by the time of the purchase. */
export const PURCHASES = `bought AS (
    SELECT v.draw::text AS id, v.user_id::text AS person, c.advertiser, c.currency, v.sales_cents / 100::float8 AS sales,
      (extract(epoch FROM date_trunc('hour', v.converted_at)) * 1000)::float8 AS hour
    FROM weeks w JOIN sandbox.conversion v ON v.converted_at >= w.starts AND v.converted_at < w.ends AND v.kind = 1
      AND v.visible_at <= w.as_of AND COALESCE(v.gone_at > w.as_of, true)
    JOIN campaigns c ON c.key = v.campaign)
  SELECT * FROM bought WHERE person IS NOT NULL`;

/** SELECT of touches for Truth.rows: of known people, in the window and the 14 days before it. Only of weeks whose traffic has arrived. */
export const TOUCHES = `shown AS (
    SELECT hour, user_id, campaign, cost / 100000000::numeric AS cost FROM sandbox.sponsored_traffic
    UNION ALL SELECT hour, user_id, campaign, cost / 100000::numeric FROM sandbox.dsp_traffic)
  SELECT s.user_id::text AS person, c.advertiser, c.campaign_id_string AS campaign, c.product, c.key::int, c.currency,
    (extract(epoch FROM s.hour) * 1000)::float8 AS hour, sum(s.cost)::float8 AS cost
  FROM weeks w JOIN shown s ON s.hour >= w.starts - interval '14 days' AND s.hour < w.ends JOIN campaigns c ON c.key = s.campaign
  WHERE s.user_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7`;

export function groupedBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** Each purchase with its touches. */
export function journeys(purchases: readonly Omit<Journey, 'touches'>[], touches: readonly Touch[]): Journey[] {
  const byPerson = groupedBy(touches, ({ person }) => person);
  return purchases.map((purchase) => ({
    ...purchase,
    touches: (byPerson.get(purchase.person) ?? [])
      .filter(({ advertiser, hour }) => {
        const before = purchase.hour - hour;
        return advertiser === purchase.advertiser && before >= 0 && before <= LOOK_BACK_MS;
      })
      .sort((a, b) => a.hour - b.hour),
  }));
}

/** Names of the touches, each once, in the order of their first; of the same hour by name. */
export function pathOf({ touches }: Journey, name: (touch: Touch) => string): string[] {
  const first = new Map<string, number>();
  for (const touch of touches) if (!first.has(name(touch))) first.set(name(touch), touch.hour);
  return [...first].sort(([a, from], [b, other]) => from - other || (a < b ? -1 : 1)).map(([step]) => step);
}

export type Model = 'first_touch' | 'last_touch' | 'linear' | 'position';

/** Parts of a purchase that its touches get, in their order: together one. Touches of one hour share what the hour gets. */
export function creditsOf({ touches }: Journey, model: Model): number[] {
  const hours = [...new Set(touches.map(({ hour }) => hour))];
  const share = (hour: number, part: number): number => part / touches.filter((each) => each.hour === hour).length;
  const [first, last] = [hours[0]!, hours.at(-1)!];
  const between = touches.filter(({ hour }) => hour !== first && hour !== last).length;
  const edge = hours.length === 1 ? 1 : between === 0 ? 0.5 : 0.4;
  return touches.map(({ hour }) => {
    if (model === 'linear') return 1 / touches.length;
    if (model === 'first_touch') return hour === first ? share(hour, 1) : 0;
    if (model === 'last_touch') return hour === last ? share(hour, 1) : 0;
    return hour === first || hour === last ? share(hour, edge) : 0.2 / between;
  });
}
