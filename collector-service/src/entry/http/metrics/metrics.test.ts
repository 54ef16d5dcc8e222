import { createWorld, QUERY, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const scrape = async () => await (await world.request('/metrics', { token: null })).text();

describe('The metrics', () => {
  it('show the state of the collecting as the tables have it, at every scrape', async () => {
    const { pool } = world.store;
    const before = await scrape();
    expect(before).toContain('amc_reports_database_up 1');
    expect(before).not.toMatch(/amc_reports_week_runs\{/);

    await world.request('/v1/collections', {
      token: world.tokens.editor,
      json: { instance: 'n1', dataset: 'campaign_performance', weeks: 4 },
    });
    await pool.query("UPDATE week_runs SET state = 'done', attempt = 2, execution_id = 'e1' WHERE week = '2026-11-02'");
    await pool.query("UPDATE week_runs SET state = 'running', execution_id = 'e2' WHERE week = '2026-11-09'");
    await pool.query(
      "UPDATE instance_slots SET run_id = (SELECT id FROM week_runs WHERE week = '2026-11-09') WHERE slot_no = (SELECT min(slot_no) FROM instance_slots)",
    );
    await pool.query("UPDATE report_data_weeks SET data_version = 1, collected_at = now() - interval '2 hours' WHERE week = '2026-11-02'");
    await pool.query(`UPDATE week_runs SET notes = '[{"rule": "added_columns", "message": "x"}]' WHERE state = 'done'`);
    await pool.query(
      `INSERT INTO held_runs (run_id, workspace_id, instance_id, dataset, dataset_version, week, objections, acceptable, served_version)
       SELECT r.id, i.workspace_id, i.id, 'campaign_performance', 1, r.week, '[{"rule": "jump"}, {"rule": "lost_total"}]', true, 0
       FROM week_runs r JOIN instances i ON i.id = r.instance_id WHERE r.state = 'running'`,
    );
    await pool.query(`UPDATE report_data_weeks SET doubt = '{"findings": [{"rule": "few_rows"}], "note": ""}' WHERE week = '2026-11-02'`);
    const text = await scrape();
    expect(text).toContain('amc_reports_quality_findings{rule="few_rows",outcome="doubtful"} 1');
    expect(text).toContain('amc_reports_quality_findings{rule="added_columns",outcome="noted"} 1');
    expect(text).toContain('amc_reports_quality_findings{rule="jump",outcome="held"} 1');
    expect(text).toContain('amc_reports_quality_findings{rule="lost_total",outcome="held"} 1');
    expect(text).toContain('amc_reports_week_runs{state="planned"} 2');
    expect(text).toContain('amc_reports_week_runs{state="done"} 1');
    expect(text).toContain('amc_reports_slots_in_use{kind="instance"} 1');
    expect(text).toContain('amc_reports_slots{kind="instance"} 8');
    expect(text).toContain('amc_reports_executions_created 4');
    expect(text).toContain('amc_reports_executions_wasted 2');
    expect(text).toMatch(/amc_reports_collection_data_age_seconds\{collection="\d+",dataset="campaign_performance",instance="n1"\} 72\d\d/);
  });

  it('count collections that Amazon refuses something, stopped or still trying, by code', async () => {
    const { pool } = world.store;
    expect(await scrape()).not.toMatch(/amc_reports_collections_(stopped|refused)\{/);
    await pool.query(
      `INSERT INTO collection_refusals (collection_id, asked, code, message, next_try_at)
       SELECT id, 'create', 'amc_forbidden', 'No access.', now() FROM report_data_collections`,
    );
    expect(await scrape()).toContain('amc_reports_collections_refused{code="amc_forbidden"} 1');
    await pool.query("UPDATE report_data_collections SET state = 'stopped', stop_code = 'amc_forbidden'");
    expect(await scrape()).toContain('amc_reports_collections_stopped{code="amc_forbidden",heals="true"} 1');
    await pool.query("DELETE FROM collection_refusals; UPDATE report_data_collections SET stop_code = 'execution_rejected'");
    expect(await scrape()).toContain('amc_reports_collections_stopped{code="execution_rejected",heals="false"} 1');
    await pool.query("UPDATE report_data_collections SET state = 'running'");
  });

  it('show whether the clocks agree, and how far they are apart', async () => {
    const { pool } = world.store;
    const text = await scrape();
    expect(text).toContain('amc_reports_clocks_agree 1');
    expect(text).toMatch(/amc_reports_clock_offset_seconds -?[\d.e-]+\n/);
    await pool.query(`UPDATE clock_seen SET seen_at = now() + interval '1 day'`);
    expect(await scrape()).toContain('amc_reports_clocks_agree 0');
    await pool.query('UPDATE clock_seen SET seen_at = now()');
  });

  it('measure requests by route, not by address, and query batches by outcome', async () => {
    await world.request('/v1/collections/123');
    await world.request('/v1/query', { json: QUERY });
    await world.request('/v1/query', { json: { ...QUERY, queries: [{ metrics: ['no_such_metric'] }] } });
    await world.request('/made/up/address');
    const text = await scrape();
    expect(text).toContain('amc_reports_http_request_duration_seconds_count{method="GET",route="/v1/collections/:id",status="404"} 1');
    expect(text).toContain('amc_reports_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1');
    expect(text).toContain('amc_reports_query_duration_seconds_count{outcome="ok"} 1');
    expect(text).toContain('amc_reports_query_duration_seconds_count{outcome="failed"} 1');
    expect(text).not.toContain('made/up');
  });

  it('are readable without a token and hold none', async () => {
    const response = await world.request('/metrics', { token: null });
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    for (const token of Object.values(world.tokens)) expect(text).not.toContain(token);
  });
});
