import { openViews, type Views } from '@amc-reports/test-support/sandbox/views.ts';

let views: Views;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

it('conversions are those of the base table, each once', async () => {
  const found = await views.one(`
    SELECT count(*)::int AS conversions, count(DISTINCT conversion_id)::int AS ids, sum(total_product_sales)::text AS sales,
      sum(total_units_sold)::int AS units, count(*) FILTER (WHERE event_type_class = 'consideration')::int AS steps
    FROM amc.conversions`);
  const base = await views.one<{ conversions: number }>(`
    SELECT count(*)::int AS conversions, (sum(sales_cents)::numeric / 100)::numeric(38, 4)::text AS sales, sum(units)::int AS units,
      count(*) FILTER (WHERE kind > 1)::int AS steps
    FROM sandbox.conversion WHERE converted_at >= '2026-03-02' AND converted_at < '2026-03-09'
      AND visible_at <= '2026-03-20 12:00' AND (gone_at IS NULL OR gone_at > '2026-03-20 12:00')`);
  expect(found).toEqual({ ...base, ids: base.conversions });
});

it('agree with what was attributed in the same window', async () => {
  const sums = (table: string) =>
    views.rows(`SELECT marketplace, sum(sales)::text AS sales, sum(units)::int AS units FROM (${table}) x GROUP BY 1 ORDER BY 1`);
  expect(
    await sums('SELECT marketplace_name AS marketplace, combined_sales AS sales, total_units_sold AS units FROM amc.conversions'),
  ).toEqual(
    await sums(
      `SELECT conversion_event_marketplace_name AS marketplace, total_product_sales AS sales, total_units_sold AS units FROM amc.amazon_attributed_events_by_conversion_time`,
    ),
  );
});

describe('with relevance', () => {
  it('every conversion stands beside every campaign of its brand, once', async () => {
    const found = await views.one(`
      WITH relevance AS (SELECT conversion_id, count(*) AS campaigns, count(DISTINCT campaign_id_string) AS ids, count(DISTINCT advertiser) AS brands,
          min(total_product_sales) <> max(total_product_sales) OR count(DISTINCT event_dt_utc) > 1 AS torn
        FROM amc.conversions_with_relevance GROUP BY conversion_id)
      SELECT (SELECT count(*)::int FROM amc.conversions) - count(*)::int AS missing,
        count(*) FILTER (WHERE brands > 1 OR ids <> campaigns OR torn OR campaigns < 12)::int AS odd,
        count(c.conversion_id)::int - count(*)::int AS unknown
      FROM relevance LEFT JOIN amc.conversions c USING (conversion_id)`);
    expect(found).toEqual({ missing: 0, odd: 0, unknown: 0 });
  });

  it('it is promoted beside the campaign that promotes its product, and the brand’s halo beside the others', async () => {
    const found = await views.one<{ odd: number; promoted: number }>(`
      SELECT count(*) FILTER (WHERE (engagement_scope = 'PROMOTED') <> (halo_code = 'TRACKED_ASIN') OR halo_code IS NULL)::int AS odd,
        count(*) FILTER (WHERE engagement_scope = 'PROMOTED')::int AS promoted
      FROM amc.conversions_with_relevance`);
    expect(found.odd).toBe(0);
    // The attributed tables tell the same of the campaign that earned it: not halo there is promoted here.
    const attributed = await views.one(`
      SELECT count(*)::int AS purchases, count(*) FILTER (WHERE r.engagement_scope = CASE WHEN a.purchases = 1 THEN 'PROMOTED' ELSE 'BRAND_HALO' END)::int AS same
      FROM amc.amazon_attributed_events_by_conversion_time a
      JOIN amc.conversions_with_relevance r ON r.campaign_id_string = a.campaign_id_string AND r.user_id = a.user_id
        AND r.event_dt_utc = a.conversion_event_dt_utc AND r.event_subtype = a.conversion_event_subtype AND r.tracked_item = a.tracked_item
      WHERE a.total_purchases = 1`);
    const { purchases } = await views.one<{ purchases: number }>(
      `SELECT count(*)::int AS purchases FROM amc.amazon_attributed_events_by_conversion_time WHERE total_purchases = 1 AND user_id IS NOT NULL`,
    );
    expect(attributed).toEqual({ purchases, same: purchases });
  });
});
