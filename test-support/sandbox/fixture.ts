import { randomBytes } from 'node:crypto';
import pg from 'pg';
import {
  SANDBOX_ACCOUNT_ID,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_INSTANCE_ID,
  SANDBOX_MARKETPLACE_ID,
  SANDBOX_REFRESH_TOKEN,
} from '@amc-reports/sandbox/account.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '@amc-reports/sandbox/server.ts';

/** A Friday noon long before any Prime Day; tests stand still on it unless they move the sandbox's clock. */
export const TEST_NOW = new Date('2026-03-20T12:00:00Z');

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed when it is JSON. */
  body: Record<string, unknown>;
}

export interface TestSandbox {
  sandbox: Sandbox;
  adminUrl: string;
  databaseName: string;
  token: string;
  /** A request as a tidy client sends it; `path` under the base URL. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The same under /amc/reporting/{default instance}. */
  reporting(method: string, path: string, body?: unknown): Promise<Answer>;
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  execute(request: Record<string, unknown>, instanceId?: string): Promise<Finished>;
  /** Runs ad hoc SQL over one window of whole days in UTC. */
  sql(
    sqlQuery: string,
    options?: { workflow?: object; from?: string; to?: string; execution?: object; instanceId?: string },
  ): Promise<Finished>;
  /** SQL on the base tables. */
  owner: pg.Pool;
  restart(options?: Partial<SandboxOptions>): Promise<void>;
  stop(): Promise<void>;
}

export interface Finished {
  status: string;
  statusReason: string | undefined;
  execution: Record<string, unknown>;
  /** The files without their headers, split at plain commas: for results without awkward text. */
  rows: string[][];
  header: string[];
  files: string[];
}

/** A sandbox over a month and a half of events on the test run's PostgreSQL, in a database of its own. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const adminUrl = process.env.TEST_POSTGRES_URL;
  if (!adminUrl) throw new Error('TEST_POSTGRES_URL is not set: run the tests through jest, whose global set-up starts PostgreSQL');
  const databaseName = options.databaseName ?? `sandbox_${randomBytes(5).toString('hex')}`;
  const settings = {
    databaseUrl: adminUrl,
    databaseName,
    now: () => TEST_NOW,
    historyDays: 45,
    timeFactor: 100_000,
    faults: [],
    ...options,
  };
  let sandbox = await startSandbox(settings);
  const ownerUrl = new URL(adminUrl);
  ownerUrl.pathname = `/${databaseName}`;
  const owner = new pg.Pool({ connectionString: ownerUrl.href, max: 2 });
  // The database goes with force at the end, and may cut a connection whose farewell is still on its way.
  owner.on('error', () => undefined);

  const call: TestSandbox['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: {
        authorization: `Bearer ${test.token}`,
        'amazon-advertising-api-clientid': SANDBOX_CLIENT_ID,
        'amazon-advertising-api-advertiserid': SANDBOX_ACCOUNT_ID,
        'amazon-advertising-api-marketplaceid': SANDBOX_MARKETPLACE_ID,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return answerOf(response);
  };

  const execute: TestSandbox['execute'] = async (request, instanceId = SANDBOX_INSTANCE_ID) => {
    const base = `/amc/reporting/${instanceId}/workflowExecutions`;
    const created = await call('POST', base, request);
    if (created.status !== 200) throw new Error(`Create answered ${created.status}: ${created.text}`);
    const id = String(created.body.workflowExecutionId);
    for (;;) {
      const { body } = await call('GET', `${base}/${id}`);
      if (body.status === 'PENDING' || body.status === 'RUNNING') {
        await new Promise((resolve) => setTimeout(resolve, 10));
        continue;
      }
      const files = body.status === 'SUCCEEDED' && request.dryRun === undefined ? await download(base, id) : [];
      const lines = files.map((file) => file.split('\n').slice(0, -1));
      return {
        status: String(body.status),
        statusReason: body.statusReason as string | undefined,
        execution: body,
        header: lines[0]?.[0]?.split(',') ?? [],
        rows: lines.flatMap((file) => file.slice(1)).map((line) => line.split(',')),
        files,
      };
    }
  };

  const download = async (base: string, id: string): Promise<string[]> => {
    const { body } = await call('GET', `${base}/${id}/downloadUrls`);
    return Promise.all(((body.downloadUrls as string[] | undefined) ?? []).map(async (url) => (await fetch(url)).text()));
  };

  const test: TestSandbox = {
    get sandbox() {
      return sandbox;
    },
    adminUrl,
    databaseName,
    token: '',
    owner,
    call,
    reporting: (method, path, body) => call(method, `/amc/reporting/${SANDBOX_INSTANCE_ID}${path}`, body),
    control: async (method, path, body) => {
      const response = await fetch(`${sandbox.url}/sandbox${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
      if (!response.ok) throw new Error(`Control answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
    execute,
    sql: (sqlQuery, { workflow = {}, from = '2026-03-02', to = '2026-03-09', execution = {}, instanceId } = {}) =>
      execute(
        {
          workflow: { sqlQuery, ...workflow },
          timeWindowType: 'EXPLICIT',
          timeWindowStart: `${from}T00:00:00`,
          timeWindowEnd: `${to}T00:00:00`,
          ...execution,
        },
        instanceId,
      ),
    restart: async (changes = {}) => {
      await sandbox.close();
      sandbox = await startSandbox({ ...settings, ...changes });
      test.token = await newToken(sandbox.url);
    },
    stop: async () => {
      await sandbox.close();
      await owner.end();
      const admin = new pg.Client({ connectionString: adminUrl });
      await admin.connect();
      await admin.query(`DROP DATABASE IF EXISTS ${databaseName} WITH (FORCE)`);
      await admin.query(`DROP ROLE IF EXISTS ${databaseName}_reader`);
      await admin.end();
    },
  };
  test.token = await newToken(sandbox.url);
  return test;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // HTML and XML have no body to parse.
  }
  return { status: response.status, headers: response.headers, text, body };
}

export async function newToken(url: string): Promise<string> {
  const response = await fetch(`${url}/auth/o2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: SANDBOX_REFRESH_TOKEN,
      client_id: SANDBOX_CLIENT_ID,
      client_secret: SANDBOX_CLIENT_SECRET,
    }),
  });
  return String(((await response.json()) as { access_token?: string }).access_token);
}
