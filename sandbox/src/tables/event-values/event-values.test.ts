import { openViews, type Views } from '@amc-reports/test-support/sandbox/views.ts';

let views: Views;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

const TRAFFIC = ['sponsored_ads_traffic', 'dsp_impressions', 'adserver_traffic'];

it('a person has one kind of id and one answer about trackers wherever they appear', async () => {
  const everywhere = [...TRAFFIC, 'conversions', 'amazon_attributed_events_by_traffic_time']
    .map(
      (table) =>
        `SELECT user_id, ${table.startsWith('adserver') ? `NULL::text, NULL::boolean` : 'user_id_type, no_3p_trackers'} FROM amc.${table}`,
    )
    .join(' UNION ALL ');
  const found = await views.one(`
    WITH events(user_id, user_id_type, no_3p_trackers) AS (${everywhere})
    SELECT count(*) FILTER (WHERE user_id IS NULL AND user_id_type IS NOT NULL)::int AS unknown,
      (SELECT count(*)::int FROM (SELECT FROM events WHERE user_id IS NOT NULL GROUP BY user_id
        HAVING count(DISTINCT user_id_type) > 1 OR count(DISTINCT no_3p_trackers) > 1) x) AS torn,
      (SELECT array_agg(DISTINCT user_id_type ORDER BY user_id_type) FROM events WHERE user_id_type IS NOT NULL) AS types
    FROM events`);
  expect(found).toEqual({ unknown: 0, torn: 0, types: ['adBrowserId', 'adUserId', 'sisDeviceId'] });
});

it('a person lives in one place, people nobody knows in none', async () => {
  const found = await views.one(`
    SELECT (SELECT count(*)::int FROM (SELECT FROM amc.dsp_impressions WHERE user_id IS NOT NULL GROUP BY user_id
        HAVING count(DISTINCT (iso_country_code, iso_state_province_code, dma_code, city_name, postal_code)) > 1) x) AS torn,
      count(*) FILTER (WHERE user_id IS NULL AND postal_code IS NOT NULL)::int AS unknown,
      count(*) FILTER (WHERE iso_country_code = 'DE' AND dma_code IS NOT NULL
        OR left(iso_state_province_code, 2) <> iso_country_code)::int AS abroad
    FROM amc.dsp_impressions`);
  expect(found).toEqual({ torn: 0, unknown: 0, abroad: 0 });
});

it('dates, hours and days of the month agree with the second, at home and in UTC', async () => {
  for (const [table, prefix] of [
    ['dsp_impressions', 'impression'],
    ['dsp_clicks', 'click'],
    ['sponsored_ads_traffic', 'event'],
    ['adserver_traffic', 'event'],
    ['adserver_conversions', 'event'],
  ] as const) {
    const zone = table.startsWith('adserver') ? 'account_timezone' : 'advertiser_timezone';
    const { odd } = await views.one<{ odd: number }>(`
      SELECT count(*) FILTER (WHERE ${prefix}_dt <> ${prefix}_dt_utc AT TIME ZONE 'UTC' AT TIME ZONE ${zone}
        OR ${['', '_utc']
          .flatMap((utc) => [
            `${prefix}_dt_hour${utc} <> date_trunc('hour', ${prefix}_dt${utc})`,
            `${prefix}_date${utc} <> ${prefix}_dt${utc}::date`,
            `${prefix}_hour${utc} <> extract(hour FROM ${prefix}_dt${utc})`,
            `${prefix}_day${utc} <> extract(day FROM ${prefix}_dt${utc})`,
          ])
          .join(' OR ')})::int AS odd
      FROM amc.${table}`);
    expect([table, odd]).toEqual([table, 0]);
  }
});

describe('segments', () => {
  it('are of the person: several for most, the same at every impression, none for people nobody knows', async () => {
    const found = await views.one<{ torn: number; unknown: number; many: number; people: number }>(`
      WITH people AS (SELECT user_id, count(DISTINCT user_behavior_segment_ids) AS lists, max(cardinality(user_behavior_segment_ids)) AS segments
        FROM amc.dsp_impressions WHERE user_id IS NOT NULL GROUP BY user_id)
      SELECT count(*) FILTER (WHERE lists > 1)::int AS torn, count(*) FILTER (WHERE segments > 1)::int AS many, count(*)::int AS people,
        (SELECT count(user_behavior_segment_ids)::int FROM amc.dsp_impressions WHERE user_id IS NULL) AS unknown
      FROM people`);
    expect([found.torn, found.unknown]).toEqual([0, 0]);
    expect(found.many / found.people).toBeGreaterThan(0.5);
  });

  it('that matched are among the person’s, in the lists and in the tables by segment', async () => {
    const lists = await views.one<{ beyond: number; matched: number }>(`
      SELECT count(*) FILTER (WHERE NOT matched_behavior_segment_ids <@ user_behavior_segment_ids)::int AS beyond,
        sum(cardinality(matched_behavior_segment_ids))::int AS matched, sum(cardinality(user_behavior_segment_ids))::int AS belonging
      FROM amc.dsp_impressions`);
    expect(lists.beyond).toBe(0);
    const tables = await views.one(`
      SELECT (SELECT count(*)::int FROM amc.dsp_impressions_by_matched_segments) AS matched,
        (SELECT sum(behavior_segment_matched)::int FROM amc.dsp_impressions_by_user_segments) AS flagged,
        (SELECT count(*)::int FROM amc.dsp_impressions_by_user_segments) AS belonging,
        (SELECT count(*)::int FROM (SELECT request_tag, behavior_segment_id FROM amc.dsp_impressions_by_matched_segments
          EXCEPT SELECT request_tag, behavior_segment_id FROM amc.dsp_impressions_by_user_segments) x) AS beyond`);
    expect(tables).toEqual({ ...lists, flagged: lists.matched });
  });

  it('have rows of their impression, each with a name of its own', async () => {
    const found = await views.one(`
      SELECT count(*) FILTER (WHERE i.request_tag IS NULL OR s.total_cost <> i.total_cost
          OR NOT s.behavior_segment_id = ANY (i.user_behavior_segment_ids))::int AS odd,
        count(DISTINCT behavior_segment_id)::int - count(DISTINCT behavior_segment_name)::int AS unnamed
      FROM amc.dsp_impressions_by_user_segments s LEFT JOIN amc.dsp_impressions i USING (request_tag)`);
    expect(found).toEqual({ odd: 0, unnamed: 0 });
  });
});
