import { randomBytes } from 'node:crypto';
import { findInstance, SANDBOX_ACCOUNT_ID, SANDBOX_INSTANCE_ID, SANDBOX_MARKETPLACE_ID } from '@amc-reports/sandbox/account.ts';
import type { FaultInput } from '@amc-reports/sandbox/control/faults.ts';
import { startSandbox, type Sandbox } from '@amc-reports/sandbox/server.ts';
import type { CollectDatabase } from './database.ts';
import { insertInstance } from './database.ts';
import { TEST_SETTINGS } from './collector.ts';

/** How often a week was bought, as the seller counts it. */
export interface Purchase {
  workflowId: string;
  timeWindowStart: string;
  creates: number;
  executionIds: string[];
}

export interface SandboxStats {
  purchases: Purchase[];
  executions: number;
  dryRuns: number;
  /** Accepted and not ended, most at once by instance, and of all under ''. */
  mostOpen: Record<string, number>;
  requests: Record<string, number>;
  downloads: number;
}

export interface SoldExecution {
  workflowExecutionId: string;
  status: string;
  dryRun: boolean;
  instanceId: string;
  workflowId: string;
  timeWindowStartOriginal: string;
  timeWindowEndOriginal: string;
  /** What the sandbox knew when it computed. */
  asOf: string;
  createTime: string;
  lastUpdatedTime: string;
}

export interface TestSandbox {
  url: string;
  /** Of its events, on the run's PostgreSQL: for openTruth(). */
  databaseName: string;
  stats(): Promise<SandboxStats>;
  executions(): Promise<SoldExecution[]>;
  addFault(fault: FaultInput): Promise<{ id: number }>;
  /** How often each fault struck, so that a test can prove that it met what it asked for. */
  fired(name: string): Promise<number>;
  /** Takes the faults away and lets executions go on. */
  clearFaults(): Promise<void>;
  /** What Amazon computes stands still, dry runs included, until executions may go on: what a test does meanwhile is in time. */
  holdExecutions(): Promise<void>;
  letExecutionsGoOn(): Promise<void>;
  post(path: string, body: object): Promise<unknown>;
  close(): Promise<void>;
}

/** A sandbox with a few weeks of history and a database of its own on the run's PostgreSQL. */
export async function startTestSandbox(options: { historyDays?: number; timeFactor?: number } = {}): Promise<TestSandbox> {
  const databaseName = `sandbox_${randomBytes(5).toString('hex')}`;
  const sandbox: Sandbox = await startSandbox({
    databaseUrl: process.env.TEST_POSTGRES_URL!,
    databaseName,
    historyDays: options.historyDays ?? 45,
    now: () => new Date(),
    timeFactor: options.timeFactor ?? TEST_SETTINGS.timeFactor,
    faults: [],
  });
  const get = async <T>(path: string): Promise<T> => (await (await fetch(`${sandbox.url}/sandbox/${path}`)).json()) as T;
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${sandbox.url}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST /sandbox/${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const timeFactor = options.timeFactor ?? TEST_SETTINGS.timeFactor;
  const pace = async (factor: number): Promise<void> => void (await post('clock', { timeFactor: factor }));
  return {
    url: sandbox.url,
    databaseName,
    stats: () => get('stats'),
    executions: async () => (await get<{ executions: SoldExecution[] }>('executions')).executions,
    addFault: async (fault) => (await post('faults', fault)) as { id: number },
    fired: async (name) =>
      (await get<{ faults: { name: string; fired: number }[] }>('faults')).faults
        .filter((fault) => fault.name === name)
        .reduce((sum, fault) => sum + fault.fired, 0),
    clearFaults: async () => {
      await fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
      await pace(timeFactor);
    },
    holdExecutions: () => pace(1e-3),
    letExecutionsGoOn: () => pace(timeFactor),
    post,
    close: () => sandbox.close(),
  };
}

/** An instance of the sandbox, known to the collector. */
export const insertSandboxInstance = (
  database: CollectDatabase,
  url: string,
  amcInstanceId = SANDBOX_INSTANCE_ID,
): Promise<{ id: string; connectionId: string }> =>
  insertInstance(database, {
    amcInstanceId,
    advertiserTypes: [...findInstance(amcInstanceId)!.advertiserTypes],
    accountId: SANDBOX_ACCOUNT_ID,
    marketplaceId: SANDBOX_MARKETPLACE_ID,
    apiUrl: url,
    tokenUrl: `${url}/auth/o2/token`,
  });
