import { connect } from 'node:net';
import {
  SANDBOX_ACCOUNT_ID,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_INSTANCE_ID,
  SANDBOX_MARKETPLACE_ID,
  SANDBOX_REFRESH_TOKEN,
  SANDBOX_SPONSORED_INSTANCE_ID,
} from '../account.ts';
import { newToken, startTestSandbox, TEST_NOW, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

/** One test for each row of reference/amc.md §6, and the wire facts of its §3. */
const SQL = 'SELECT campaign, SUM(impressions) AS impressions FROM sponsored_ads_traffic GROUP BY campaign';
const WINDOW = { timeWindowType: 'EXPLICIT', timeWindowStart: '2026-03-02T00:00:00', timeWindowEnd: '2026-03-09T00:00:00' };

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 25 });
  await test.reporting('POST', '/workflows', { workflowId: 'impressions', sqlQuery: SQL });
});
afterAll(() => test.stop());
afterEach(async () => {
  await test.control('POST', '/clock', { timeFactor: 100_000 });
});

const post = (body: string | URLSearchParams, headers: Record<string, string> = {}) =>
  fetch(`${test.sandbox.url}/auth/o2/token`, { method: 'POST', body, headers });
const credentials = {
  grant_type: 'refresh_token',
  refresh_token: SANDBOX_REFRESH_TOKEN,
  client_id: SANDBOX_CLIENT_ID,
  client_secret: SANDBOX_CLIENT_SECRET,
};

describe('Login with Amazon', () => {
  it('gives an hour of access for the refresh token, asked as a form or as JSON', async () => {
    for (const response of [
      await post(new URLSearchParams(credentials)),
      await post(JSON.stringify(credentials), { 'content-type': 'application/json' }),
    ]) {
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        access_token: expect.stringMatching(/^Atza\|/),
        expires_in: 3600,
        refresh_token: SANDBOX_REFRESH_TOKEN,
        token_type: 'bearer',
      });
    }
  });

  it('refuses a revoked grant with 400 and a wrong secret with 401', async () => {
    const revoked = await post(new URLSearchParams({ ...credentials, refresh_token: 'Atzr|other' }));
    expect([revoked.status, await revoked.json()]).toEqual([
      400,
      { error: 'invalid_grant', error_description: expect.stringContaining('User may have revoked') },
    ]);
    const wrong = await post(new URLSearchParams({ ...credentials, client_secret: 'no' }));
    expect([wrong.status, await wrong.json()]).toEqual([
      401,
      { error: 'invalid_client', error_description: 'Client authentication failed' },
    ]);
  });

  it('a token ends with its time on the calendar', async () => {
    await test.control('POST', '/behaviour', { tokenSeconds: 60 });
    const token = await newToken(test.sandbox.url);
    const asks = async () => (await test.call('GET', '/amc/instances', undefined, { authorization: `Bearer ${token}` })).status;
    expect(await asks()).toBe(200);
    await test.control('POST', '/clock', { advanceMs: 61_000 });
    expect(await asks()).toBe(401);
    await test.control('POST', '/behaviour', { expiredTokenStatus: 403 });
    expect(await asks()).toBe(403);
    await test.control('POST', '/behaviour', { tokenSeconds: 3600, expiredTokenStatus: 401 });
  });
});

describe('headers', () => {
  it('a missing or unknown token or client is 401, a foreign account or marketplace 403', async () => {
    const status = async (headers: Record<string, string>) => {
      const { status, body } = await test.call('GET', '/amc/instances', undefined, headers);
      expect(body.code).toBe(String(status));
      return status;
    };
    expect(await status({ authorization: '' })).toBe(401);
    expect(await status({ authorization: 'Bearer Atza|made-up' })).toBe(401);
    expect(await status({ 'amazon-advertising-api-clientid': 'other' })).toBe(401);
    expect(await status({ 'amazon-advertising-api-advertiserid': 'ENTITYOTHER' })).toBe(403);
    expect(await status({ 'amazon-advertising-api-marketplaceid': 'A1PA6795UKMFR9' })).toBe(403);
  });

  it('answers carry one request id twice, and errors of the accounts their own shape', async () => {
    const ok = await test.call('GET', '/amc/instances');
    expect(ok.headers.get('x-amz-rid')).toMatch(/^[A-Z0-9]{20}$/);
    expect(ok.headers.get('x-amz-request-id')).toBe(ok.headers.get('x-amz-rid'));
    expect(ok.headers.get('vary')).toBe('Content-Type,Accept-Encoding,User-Agent');
    expect(ok.headers.get('x-powered-by')).toBeNull();
    const refused = await test.call('GET', '/amc/accounts', undefined, { authorization: 'Bearer no' });
    expect([refused.status, Object.keys(refused.body)]).toEqual([401, ['message', 'requestId']]);
  });
});

describe('administration', () => {
  it('lists the account without account headers', async () => {
    const { body, headers } = await test.call('GET', '/amc/accounts', undefined, {
      'amazon-advertising-api-advertiserid': '',
      'amazon-advertising-api-marketplaceid': '',
    });
    expect(body).toEqual({
      amcAccounts: [{ accountId: SANDBOX_ACCOUNT_ID, accountName: expect.any(String), marketplaceId: SANDBOX_MARKETPLACE_ID }],
    });
    expect(headers.get('content-type')).toContain('application/vnd.amcaudiencesconnections.v1+json');
  });

  it('lists instances in pages and tells one', async () => {
    const first = await test.call('GET', '/amc/instances?limit=1');
    const [instance] = first.body.instances as { instanceId: string; advertiserTypes: string[] }[];
    expect([instance?.instanceId, instance?.advertiserTypes]).toEqual([SANDBOX_INSTANCE_ID, ['DISPLAY', 'SPONSORED_ADS']]);
    const second = await test.call('GET', `/amc/instances?limit=1&nextToken=${String(first.body.nextToken)}`);
    expect((second.body.instances as { instanceId: string }[])[0]?.instanceId).toBe(SANDBOX_SPONSORED_INSTANCE_ID);
    expect(second.body).not.toHaveProperty('nextToken');
    const one = await test.call('GET', `/amc/instances/${SANDBOX_INSTANCE_ID}`);
    expect(one.body.instance).toMatchObject({
      creationStatus: 'COMPLETED',
      instanceType: 'STANDARD',
      awsAccountId: expect.stringMatching(/^\d{12}$/),
      dataUploadAwsAccountId: expect.stringMatching(/^\d{12}$/),
      s3BucketName: 'amc-amcsandbox1-sandbox',
      s3BucketRegion: null,
      acrCollaboration: null,
    });
    expect((await test.call('GET', '/amc/instances/amcother')).status).toBe(404);
    expect((await test.call('GET', '/amc/reporting/amcother/workflows')).status).toBe(403);
  });

  it('lists advertisers, each with its marketplace', async () => {
    const { body } = await test.call('GET', `/amc/instances/${SANDBOX_INSTANCE_ID}/advertisers`);
    expect(body.totalCount).toBe(4);
    const advertisers = body.advertisers as { marketplaceId: string }[];
    expect(advertisers.map((advertiser) => advertiser.marketplaceId).sort()).toEqual([
      'A1PA6795UKMFR9',
      'ATVPDKIKX0DER',
      'ATVPDKIKX0DER',
      'ATVPDKIKX0DER',
    ]);
    expect((await test.call('GET', `/amc/instances/${SANDBOX_SPONSORED_INSTANCE_ID}/advertisers?type=DISPLAY`)).body.totalCount).toBe(0);
  });

  it('describes the tables an instance has', async () => {
    const ids = async (instance: string) =>
      ((await test.call('GET', `/amc/reporting/${instance}/dataSources`)).body.dataSources as { dataSourceId: string }[]).map(
        (source) => source.dataSourceId,
      );
    expect(await ids(SANDBOX_INSTANCE_ID)).toContain('dsp_impressions');
    expect(await ids(SANDBOX_SPONSORED_INSTANCE_ID)).not.toContain('dsp_impressions');
    const one = await test.reporting('GET', '/dataSources/sponsored_ads_traffic');
    expect(one.body.columns).toContainEqual({
      columnType: 'DIMENSION',
      description: 'STRING, aggregation threshold VERY_HIGH',
      name: 'user_id',
    });
    expect((await test.reporting('GET', '/dataSources/none')).status).toBe(404);
  });
});

describe('workflows', () => {
  it('are created with {} as octets, read bare, replaced, listed and deleted', async () => {
    const definition = {
      workflowId: 'crud.1',
      sqlQuery: SQL,
      inputParameters: [{ name: 'x', dataType: { type: 'ARRAY', elementDataType: 'STRING' }, column_type: 'DIMENSION' }],
      outputFormat: { escapeCharacter: '"' },
      unknownField: 1,
    };
    const created = await test.reporting('POST', '/workflows', definition);
    expect([created.status, created.text, created.headers.get('content-type')]).toEqual([200, '{}', 'application/octet-stream']);
    const again = await test.reporting('POST', '/workflows', definition);
    expect([again.status, again.text]).toEqual([400, '{"code":"400","details":"Workflow with ID crud.1 already exists."}']);
    const read = await test.reporting('GET', '/workflows/crud.1');
    expect(read.text).toBe(
      `{"inputParameters":[{"dataType":{"elementDataType":"STRING","elementNullable":false,"type":"ARRAY"},"name":"x"}],"outputFormat":{"escapeCharacter":"\\""},"sqlQuery":"${SQL}","workflowId":"crud.1"}`,
    );
    expect(read.headers.get('content-type')).toContain('application/vnd.amcworkflows.v1+json');
    expect((await test.reporting('PUT', '/workflows/crud.1', { sqlQuery: SQL, workflowId: 'crud.1' })).text).toBe('{}');
    expect((await test.reporting('GET', '/workflows/crud.1')).body).toEqual({ sqlQuery: SQL, workflowId: 'crud.1' });
    expect((await test.reporting('GET', '/workflows')).body.workflows).toContainEqual({ sqlQuery: SQL, workflowId: 'crud.1' });
    expect((await test.reporting('DELETE', '/workflows/crud.1')).text).toBe('{}');
    expect((await test.reporting('GET', '/workflows/crud.1')).status).toBe(404);
    expect((await test.reporting('PUT', '/workflows/crud.1', { sqlQuery: SQL })).status).toBe(404);
  });

  it('refuse bad names and fields with 400', async () => {
    for (const body of [
      { workflowId: 'with space', sqlQuery: SQL },
      { workflowId: 'x' },
      { workflowId: 'x', sqlQuery: SQL, privacyFilteringBehavior: 'SOME' },
      { workflowId: 'x', sqlQuery: SQL, inputParameters: [{ name: 'a', dataType: 'TEXT' }] },
    ]) {
      const answer = await test.reporting('POST', '/workflows', body);
      expect([answer.status, answer.body]).toEqual([400, { code: '400', details: expect.any(String) }]);
    }
    expect((await test.reporting('POST', '/workflows', '{not json')).body.details).toBe('Request body is not valid JSON.');
  });

  it('come wrapped where the knob says so', async () => {
    await test.control('POST', '/behaviour', { wrapped: true });
    expect((await test.reporting('GET', '/workflows/impressions')).body).toEqual({
      workflow: { sqlQuery: SQL, workflowId: 'impressions' },
    });
    const execution = await test.reporting('POST', '/workflowExecutions', { workflowId: 'impressions', ...WINDOW });
    expect(execution.body).toHaveProperty('workflowExecution.workflowExecutionId');
    await test.control('POST', '/behaviour', { wrapped: false });
  });
});

describe('executions', () => {
  it('answer creation as once captured from Amazon', async () => {
    const { body, headers, text } = await test.reporting('POST', '/workflowExecutions', {
      workflowId: 'impressions',
      ...WINDOW,
      timeWindowTimeZone: 'America/New_York',
    });
    const now = new Date((await test.control('GET', '/clock')).now as string);
    const seconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
    expect(body).toEqual({
      createTime: seconds(now),
      dataGaps: [],
      disableAggregationControls: false,
      executionCategory: 'AD_HOC',
      expireTime: seconds(new Date(now.getTime() + 86_400_000)),
      ignoreDataGaps: false,
      lastUpdatedTime: seconds(now),
      parameterValues: {},
      status: 'PENDING',
      // New York went to summer time on Sunday 8 March 2026: the week has 167 hours.
      timeWindowEnd: '2026-03-09T04:00:00Z',
      timeWindowEndOriginal: '2026-03-09T00:00:00',
      timeWindowStart: '2026-03-02T05:00:00Z',
      timeWindowStartOriginal: '2026-03-02T00:00:00',
      timeWindowTimeZoneOriginal: 'America/New_York',
      waitUntil: seconds(new Date(now.getTime() - 3_600_000)),
      workflowExecutionId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4/),
      workflowExecutionTimeoutSeconds: 21600,
      workflowId: 'impressions',
    });
    expect(text.indexOf('"createTime"')).toBeLessThan(text.indexOf('"workflowId"'));
    expect(headers.get('content-type')).toContain('application/vnd.amcworkflowexecutions.v1+json');
  });

  it('go from PENDING over RUNNING to SUCCEEDED with columns and times', async () => {
    await test.control('POST', '/clock', { timeFactor: 200 });
    const { body: created } = await test.reporting('POST', '/workflowExecutions', { workflowId: 'impressions', ...WINDOW });
    const seen: string[] = [];
    let body: Record<string, unknown> = created;
    while (body.status !== 'SUCCEEDED') {
      if (seen.at(-1) !== body.status) seen.push(String(body.status));
      ({ body } = await test.reporting('GET', `/workflowExecutions/${String(created.workflowExecutionId)}?includeWorkflow=True`));
    }
    expect(seen).toEqual(['PENDING', 'RUNNING']);
    expect(body).toMatchObject({
      availableTimeBeforeWindowSecs: 0,
      executionTime: 55,
      invalidationOffsetSecs: 266400,
      outputColumns: [
        { columnType: 'DIMENSION', dataType: 'STRING', name: 'campaign' },
        { columnType: 'METRIC', dataType: 'LONG', name: 'impressions' },
      ],
      outputS3URI: 'N/A',
      sqlQuery: SQL,
      validatedTime: expect.stringMatching(/\.\d{3}Z$/),
    });
  });

  it('ad hoc ones get a transient workflow, and no window before they exist when it is relative', async () => {
    const { body } = await test.reporting('POST', '/workflowExecutions', { workflow: { sqlQuery: SQL } });
    expect(body.workflowId).toMatch(/^transient_[0-9a-f-]{36}$/);
    expect(body).not.toHaveProperty('timeWindowStart');
    const read = await test.reporting('GET', `/workflowExecutions/${String(body.workflowExecutionId)}`);
    expect(read.body.timeWindowStart).toMatch(/T00:00:00Z$/);
  });

  it('refuse wrong windows, both or no workflow, and short timeouts with 400', async () => {
    const wrong = [
      { workflowId: 'impressions', timeWindowType: 'EXPLICIT', timeWindowStart: '2026-03-02T00:00:00' },
      { workflowId: 'impressions', timeWindowType: 'EXPLICIT', timeWindowStart: '2026-03-02', timeWindowEnd: '2026-03-09' },
      { workflowId: 'impressions', ...WINDOW, timeWindowEnd: '2026-03-02T00:00:00' },
      { workflowId: 'impressions', ...WINDOW, timeWindowType: undefined },
      { workflowId: 'impressions', timeWindowType: 'LAST_YEAR' },
      { workflowId: 'impressions', ...WINDOW, timeWindowTimeZone: 'Mars/Olympus' },
      { workflowId: 'impressions', ...WINDOW, timeWindowTimeZone: '+01:00' },
      { workflowId: 'impressions', ...WINDOW, timeWindowTimeZone: 'america/new_york' },
      { workflowId: 'impressions', ...WINDOW, timeWindowStart: '2026-02-30T00:00:00' },
      { workflowId: 'impressions', ...WINDOW, timeWindowEnd: '2026-03-08T24:00:00' },
      { workflowId: 'impressions', workflow: { sqlQuery: SQL }, ...WINDOW },
      { ...WINDOW },
      { workflowId: 'impressions', ...WINDOW, workflowExecutionTimeoutSeconds: 5 },
    ];
    for (const body of wrong) expect([body, (await test.reporting('POST', '/workflowExecutions', body)).status]).toEqual([body, 400]);
    expect((await test.reporting('POST', '/workflowExecutions', { workflowId: 'none', ...WINDOW })).status).toBe(404);
  });

  it('run ten at a time, the rest waits', async () => {
    await test.control('POST', '/clock', { timeFactor: 1 });
    // None ends while others still start, however slow the machine is.
    await test.control('POST', '/faults', { name: 'slow-execution', factor: 20, count: 14 });
    const created = await Promise.all(
      Array.from({ length: 14 }, () => test.reporting('POST', '/workflowExecutions', { workflowId: 'impressions', ...WINDOW })),
    );
    const ids = created.map((answer) => answer.body.workflowExecutionId);
    // All of them are due at once now.
    await test.control('POST', '/clock', { timeFactor: 1000 });
    const running: number[] = [];
    for (;;) {
      const { executions } = (await test.reporting('GET', '/workflowExecutions?workflowId=impressions')).body as {
        executions: { status: string; workflowExecutionId: string }[];
      };
      const mine = executions.filter((execution) => ids.includes(execution.workflowExecutionId));
      running.push(mine.filter((execution) => execution.status === 'RUNNING').length);
      if (mine.every((execution) => execution.status === 'SUCCEEDED')) break;
      if (running.at(-1) === 10) await test.control('POST', '/clock', { timeFactor: 100_000 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(Math.max(...running)).toBe(10);
    expect((await test.control('GET', '/stats')).mostRunning).toEqual({ [SANDBOX_INSTANCE_ID]: 10 });
  });

  it('a cap on executions of a day holds where the knob sets one', async () => {
    await test.control('POST', '/behaviour', { executionsPerDay: 1 });
    const answer = await test.reporting('POST', '/workflowExecutions', { workflowId: 'impressions', ...WINDOW });
    await test.control('POST', '/behaviour', { executionsPerDay: null });
    expect([answer.status, answer.body.details]).toEqual([400, 'Ad hoc executions can be run up to 1 times per day for each instance.']);
  });

  it('are listed newest first by workflow or time, in pages, cancelled ones on demand', async () => {
    expect((await test.reporting('GET', '/workflowExecutions')).body).toEqual({
      code: '400',
      details: expect.stringContaining('workflowId or minCreationTime'),
    });
    await test.control('POST', '/clock', { timeFactor: 1 });
    await test.reporting('POST', '/workflows', { workflowId: 'listed', sqlQuery: SQL });
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      ids.push(String((await test.reporting('POST', '/workflowExecutions', { workflowId: 'listed', ...WINDOW })).body.workflowExecutionId));
    }
    const list = async (query: string) => {
      const { body } = await test.reporting('GET', `/workflowExecutions?${query}`);
      return {
        ids: (body.executions as { workflowExecutionId: string }[]).map((execution) => execution.workflowExecutionId),
        nextToken: body.nextToken as string | undefined,
      };
    };
    expect((await list('workflowId=listed')).ids).toEqual([...ids].reverse());
    expect((await list('workflowId=listed&sortAscending=true')).ids).toEqual(ids);
    const first = await list('workflowId=listed&limit=2');
    expect(first.ids).toEqual([ids[2], ids[1]]);
    expect(await list(`workflowId=listed&limit=2&nextToken=${first.nextToken}`)).toEqual({ ids: [ids[0]], nextToken: undefined });
    expect((await list('minCreationTime=2026-03-01T00:00:00')).ids).toEqual(expect.arrayContaining(ids));
    expect((await list('minCreationTime=2026-03-25T00:00:00')).ids).toEqual([]);
    expect((await test.reporting('GET', '/workflowExecutions?minCreationTime=yesterday')).status).toBe(400);

    const cancelled = await test.reporting('PUT', `/workflowExecutions/${ids[1]}`, { status: 'CANCELLED' });
    expect([cancelled.status, cancelled.text]).toEqual([200, '{}']);
    expect((await list('workflowId=listed')).ids).toEqual([ids[2], ids[0]]);
    expect((await list('workflowId=listed&includeCancelled=true')).ids).toEqual([...ids].reverse());
    expect((await test.reporting('PUT', `/workflowExecutions/${ids[1]}`, { status: 'CANCELLED' })).status).toBe(400);
    for (const id of ids) await test.reporting('DELETE', `/workflowExecutions/${id}`);
  });

  it('dry runs validate, succeed and leave nothing to download', async () => {
    const good = await test.execute({ workflowId: 'impressions', dryRun: true, ...WINDOW });
    expect(good.status).toBe('SUCCEEDED');
    const urls = await test.reporting('GET', `/workflowExecutions/${String(good.execution.workflowExecutionId)}/downloadUrls`);
    expect(urls.status).toBe(400);
    const bad = await test.execute({
      workflow: { sqlQuery: 'SELECT SUM(nothing) AS n FROM sponsored_ads_traffic' },
      dryRun: true,
      ...WINDOW,
    });
    expect([bad.status, bad.statusReason]).toEqual(['REJECTED', expect.stringContaining("Column 'nothing' not found")]);
  });

  it('outputColumns of the workflow must match the query', async () => {
    const outputColumns = [{ name: 'campaign', dataType: 'STRING', columnType: 'DIMENSION' }];
    const result = await test.execute({ workflow: { sqlQuery: SQL, outputColumns }, ...WINDOW });
    expect([result.status, result.statusReason]).toEqual(['REJECTED', expect.stringContaining('do not match outputColumns')]);
  });
});

describe('results', () => {
  const finished = async () => (await test.execute({ workflowId: 'impressions', ...WINDOW })).execution.workflowExecutionId as string;
  const urlsOf = async (id: string) =>
    (await test.reporting('GET', `/workflowExecutions/${id}/downloadUrls`)).body as {
      downloadUrls: string[];
      metadataDownloadUrls: string[];
    };

  it('have URLs that need no token, and metadata beside them', async () => {
    const urls = await urlsOf(await finished());
    expect(urls.downloadUrls).toHaveLength(1);
    const file = await fetch(urls.downloadUrls[0] ?? '');
    expect(file.status).toBe(200);
    expect(Number(file.headers.get('content-length'))).toBe(Buffer.byteLength(await file.text()));
    expect(await (await fetch(urls.metadataDownloadUrls[0] ?? '')).json()).toMatchObject({ sqlQuery: SQL });
  });

  it('are unavailable before the end', async () => {
    await test.control('POST', '/clock', { timeFactor: 1 });
    const { body } = await test.reporting('POST', '/workflowExecutions', { workflowId: 'impressions', ...WINDOW });
    const id = String(body.workflowExecutionId);
    const early = await test.reporting('GET', `/workflowExecutions/${id}/downloadUrls`);
    expect([early.status, early.body.details]).toEqual([400, `Execution with ID ${id} is unavailable for download.`]);
    await test.reporting('PUT', `/workflowExecutions/${id}`, { status: 'CANCELLED' });
  });

  it('URLs are signed and last ten minutes', async () => {
    const [url = ''] = (await urlsOf(await finished())).downloadUrls;
    const altered = await fetch(url.replace('part-1', 'part-2'));
    expect([altered.status, await altered.text()]).toEqual([403, expect.stringContaining('<Code>SignatureDoesNotMatch</Code>')]);
    await test.control('POST', '/clock', { advanceMs: 599_000 });
    expect((await fetch(url)).status).toBe(200);
    await test.control('POST', '/clock', { advanceMs: 2_000 });
    const old = await fetch(url);
    expect([old.status, old.headers.get('content-type'), await old.text()]).toEqual([
      403,
      'application/xml',
      expect.stringContaining('Request has expired'),
    ]);
  });

  it('split into files that each carry the header, and together hold every row once', async () => {
    const whole = await test.execute({ workflowId: 'impressions', ...WINDOW });
    await test.control('POST', '/behaviour', { resultFiles: 3 });
    const split = await test.execute({ workflowId: 'impressions', ...WINDOW });
    await test.control('POST', '/behaviour', { resultFiles: 1 });
    expect(split.files).toHaveLength(3);
    expect(new Set(split.files.map((file) => file.split('\n')[0]))).toEqual(new Set(['campaign,impressions']));
    const lines = (files: string[]) =>
      files
        .flatMap((file) => file.split('\n').slice(1))
        .filter(Boolean)
        .sort();
    expect(lines(split.files)).toEqual(lines(whole.files));
  });

  it('come in another order each time', async () => {
    const [one, two] = [
      await test.execute({ workflowId: 'impressions', ...WINDOW }),
      await test.execute({ workflowId: 'impressions', ...WINDOW }),
    ];
    expect(one.files).not.toEqual(two.files);
    expect([...one.rows].sort()).toEqual([...two.rows].sort());
  });

  it('quote only where needed, with a backslash or as outputFormat says', async () => {
    const standard = (await test.execute({ workflowId: 'impressions', ...WINDOW })).files.join('');
    expect(standard).toMatch(/^"SP - Backpacks \\"Ultralight\\" - Auto",\d+$/m);
    expect(standard).toMatch(/^SP \| Tents \| Exact,\d+$/m);
    expect(standard).toMatch(/^"SP \| Sleeping Bags, Mats \| Broad",\d+$/m);
    expect(standard).toMatch(/^SP \| Töpfe & Pfannen \| exakt,\d+$/m);
    const outputFormat = { separatorCharacter: ';', quoteCharacter: '"', escapeCharacter: '"' };
    const other = (await test.execute({ workflow: { sqlQuery: SQL, outputFormat }, ...WINDOW })).files.join('');
    expect(other).toMatch(/^"SP - Backpacks ""Ultralight"" - Auto";\d+$/m);
  });

  it('carry a byte order mark and CRLF where the knobs say so; dates and times as Amazon writes them', async () => {
    await test.control('POST', '/behaviour', { bom: true, crlf: true });
    const sqlQuery = 'SELECT event_date_utc, event_dt_hour_utc, SUM(clicks) AS clicks FROM sponsored_ads_traffic GROUP BY 1, 2';
    const [file = ''] = (await test.execute({ workflow: { sqlQuery, filteredMetricsDiscriminatorColumn: 'hidden' }, ...WINDOW })).files;
    await test.control('POST', '/behaviour', { bom: false, crlf: false });
    // fetch's text() drops the mark; the header then starts at once.
    expect(file).toMatch(/^event_date_utc,event_dt_hour_utc,clicks,hidden\r\n/);
    expect(file).toMatch(/\r\n2026-03-0\d,2026-03-0\dT\d\d:00:00\.000,\d+,FALSE\r\n/);
  });
});

it('keeps everything over a restart, and goes on with what was under way', async () => {
  const before = await test.execute({ workflowId: 'impressions', ...WINDOW });
  const id = String(before.execution.workflowExecutionId);
  await test.control('POST', '/clock', { timeFactor: 20 });
  const { body: open } = await test.reporting('POST', '/workflowExecutions', { workflowId: 'impressions', ...WINDOW });
  await test.restart();
  const after = await test.reporting('GET', `/workflowExecutions/${id}`);
  expect(after.body).toEqual(before.execution);
  const { downloadUrls } = (await test.reporting('GET', `/workflowExecutions/${id}/downloadUrls`)).body as { downloadUrls: string[] };
  expect(await (await fetch(downloadUrls[0] ?? '')).text()).toBe(before.files[0]);
  for (;;) {
    const { body } = await test.reporting('GET', `/workflowExecutions/${String(open.workflowExecutionId)}`);
    if (body.status === 'SUCCEEDED') break;
    expect(['PENDING', 'RUNNING']).toContain(body.status);
  }
  expect(test.sandbox.generated.days).toBe(0);
});

describe('sloppy clients', () => {
  it('send no content type, numbers and booleans as strings, extra fields, a Z', async () => {
    const response = await fetch(`${test.sandbox.url}/amc/reporting/${SANDBOX_INSTANCE_ID}/workflowExecutions/`, {
      method: 'POST',
      headers: {
        AUTHORIZATION: `bearer ${test.token}`,
        'Amazon-Advertising-API-ClientID': SANDBOX_CLIENT_ID,
        'AMAZON-ADVERTISING-API-ADVERTISERID': SANDBOX_ACCOUNT_ID,
        'Amazon-Advertising-API-MarketplaceId': SANDBOX_MARKETPLACE_ID,
      },
      body: Buffer.from(
        JSON.stringify({
          workflowId: 'impressions',
          timeWindowType: 'EXPLICIT',
          timeWindowStart: '2026-03-02T00:00:00Z',
          timeWindowEnd: '2026-03-09T00:00:00Z',
          workflowExecutionTimeoutSeconds: '86400',
          dryRun: 'False',
          ignoreDataGaps: 'true',
          somethingElse: [1],
        }),
      ),
    });
    const execution = (await response.json()) as Record<string, unknown>;
    expect([response.status, execution.workflowExecutionTimeoutSeconds, execution.timeWindowStart]).toEqual([
      200,
      86400,
      '2026-03-02T00:00:00Z',
    ]);
    let body: Record<string, unknown> = {};
    while (body.status !== 'SUCCEEDED')
      ({ body } = await test.reporting('GET', `/workflowExecutions/${String(execution.workflowExecutionId)}`));
    const { downloadUrls } = (await test.reporting('GET', `/workflowExecutions/${String(execution.workflowExecutionId)}/downloadUrls`))
      .body as { downloadUrls: string[] };
    // What the trailing Z was seen to do at Amazon: a result without rows.
    expect(await (await fetch(downloadUrls[0] ?? '')).text()).toBe('campaign,impressions\n');
  });

  it("the way AWS's workflow manager calls: a count of a day's executions, create or else update, poll, cancel", async () => {
    const headers = { 'x-amzn-service-name': 'amazon-marketing-cloud-insights-on-aws', 'x-amzn-service-version': 'v3.1.3' };
    const base = `/amc/reporting/${SANDBOX_INSTANCE_ID}`;
    const counted = await test.call(
      'GET',
      `${base}/workflowExecutions?minCreationTime=2026-03-19T12%3A00%3A00&nextToken=`,
      undefined,
      headers,
    );
    expect(Array.isArray(counted.body.executions)).toBe(true);
    expect(counted.body.nextToken ?? '').toBe('');

    const definition = { workflowId: 'aws-wfm', sqlQuery: SQL, filteredMetricsDiscriminatorColumn: 'filtered' };
    expect((await test.call('POST', `${base}/workflows`, definition, headers)).status).toBe(200);
    const duplicate = await test.call('POST', `${base}/workflows`, definition, headers);
    // It compares the message with this very text before it falls back to PUT.
    const message = ['message', 'statusReason', 'details', 'messageSubject'].map((key) => duplicate.body[key]).find(Boolean);
    expect(message).toBe('Workflow with ID aws-wfm already exists.');
    expect((await test.call('PUT', `${base}/workflows/aws-wfm`, definition, headers)).status).toBe(200);

    await test.control('POST', '/clock', { timeFactor: 1 });
    const created = await test.call(
      'POST',
      `${base}/workflowExecutions`,
      { workflowId: 'aws-wfm', ...WINDOW, timeWindowTimeZone: 'America/New_York' },
      headers,
    );
    const id = String(created.body.workflowExecutionId);
    expect((await test.call('GET', `${base}/workflowExecutions/${id}?includeWorkflow=False`, undefined, headers)).body.status).toBe(
      'PENDING',
    );
    expect((await test.call('PUT', `${base}/workflowExecutions/${id}`, { status: 'CANCELLED' }, headers)).body).toEqual({});
    expect((await test.call('GET', `${base}/workflowExecutions/${id}?includeWorkflow=False`, undefined, headers)).body.status).toBe(
      'CANCELLED',
    );
    expect((await test.call('DELETE', `${base}/workflows/aws-wfm`, undefined, headers)).body).toEqual({});
  });

  it('a request that never ends its headers does not stop the others', async () => {
    const half = connect(test.sandbox.port, '127.0.0.1');
    half.write('POST /amc/reporting/amcsandbox1/workflows HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    expect((await test.call('GET', '/amc/instances')).status).toBe(200);
    half.destroy();
  });
});

it('the control routes answer to this machine, and elsewhere to the token', async () => {
  const ask = (token: string) => fetch(`${test.sandbox.url}/sandbox/clock`, { headers: { 'x-sandbox-admin': token } });
  expect((await ask('wrong')).status).toBe(403);
  expect((await ask(test.sandbox.adminToken)).status).toBe(200);
  expect(new Date((await test.control('GET', '/clock')).now as string).getTime()).toBeGreaterThanOrEqual(TEST_NOW.getTime());
});
