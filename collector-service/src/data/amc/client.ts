import type { Logger } from 'pino';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { listAccounts, type AmcAccount } from './accounts.ts';
import { listAdvertisers, type AmcAdvertiser } from './advertisers.ts';
import { listDataSources, type AmcDataSource } from './data-sources.ts';
import type { Execution } from './execution.ts';
import {
  cancelExecution,
  createDryRun,
  createExecution,
  getExecution,
  listExecutions,
  type CreateExecution,
  type DryRun,
  type ListExecutions,
} from './executions.ts';
import { getInstance, listInstances, type AmcInstance } from './instances.ts';
import { UNLIMITED, type RequestLimiter } from './limiter.ts';
import { openResult, resultUrls, type ResultPart } from './results.ts';
import { createTokenSource } from './token.ts';
import { createTransport, type AmcAccountRef, type AmcInstanceRef } from './transport.ts';
import { deleteWorkflow, getWorkflow, putWorkflow, type Workflow, type WorkflowDefinition } from './workflows.ts';

export interface AmcClientOptions {
  /** Base URL of the AMC API; hosts by region are in regions.ts. */
  readonly apiUrl: string;
  /** Whole URL of the token service. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly logger: Logger;
  readonly limiter?: RequestLimiter;
  /** For one request with its answer, in milliseconds; downloads have their own. */
  readonly requestTimeoutMs?: number;
  /** Longest silence and longest duration of a download, in milliseconds. */
  readonly download?: { readonly idleTimeoutMs: number; readonly totalTimeoutMs: number };
  /** This machine's clock, milliseconds since 1970: for the token's age and Retry-After dates. */
  readonly now?: () => number;
}

/**
 * Amazon Marketing Cloud over HTTP, for one set of credentials. Every call throws CollectorError (its kind says whether to try
 * again, details.sent whether Amazon may have acted) or the signal's reason. Nothing is retried but a refused token, once.
 */
export interface AmcClient {
  /** Gets an access token, or says why there is none. */
  authorize(signal: AbortSignal): Promise<void>;
  readonly accounts: { list(signal: AbortSignal): Promise<AmcAccount[]> };
  readonly instances: {
    list(account: AmcAccountRef, signal: AbortSignal): Promise<AmcInstance[]>;
    get(instance: AmcInstanceRef, signal: AbortSignal): Promise<AmcInstance>;
  };
  readonly advertisers: { list(instance: AmcInstanceRef, signal: AbortSignal): Promise<AmcAdvertiser[]> };
  readonly dataSources: { list(instance: AmcInstanceRef, signal: AbortSignal): Promise<AmcDataSource[]> };
  readonly workflows: {
    put(instance: AmcInstanceRef, definition: WorkflowDefinition, signal: AbortSignal): Promise<void>;
    get(instance: AmcInstanceRef, workflowId: string, signal: AbortSignal): Promise<Workflow>;
    delete(instance: AmcInstanceRef, workflowId: string, signal: AbortSignal): Promise<void>;
  };
  readonly executions: {
    create(instance: AmcInstanceRef, create: CreateExecution, signal: AbortSignal): Promise<Execution>;
    dryRun(instance: AmcInstanceRef, dryRun: DryRun, signal: AbortSignal): Promise<Execution>;
    get(instance: AmcInstanceRef, executionId: string, signal: AbortSignal): Promise<Execution>;
    list(instance: AmcInstanceRef, list: ListExecutions, signal: AbortSignal): Promise<Execution[]>;
    cancel(instance: AmcInstanceRef, executionId: string, signal: AbortSignal): Promise<void>;
  };
  readonly results: {
    urls(instance: AmcInstanceRef, executionId: string, signal: AbortSignal): Promise<string[]>;
    open(url: string, signal: AbortSignal): Promise<ResultPart>;
  };
  /** Closes idle connections. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const DOWNLOAD = { idleTimeoutMs: 60_000, totalTimeoutMs: 30 * 60_000 };

export function createAmcClient(options: AmcClientOptions): AmcClient {
  // Amazon is reached through HTTPS_PROXY where one is set; what speaks plain http stands nearby and never needs a proxy.
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({ connect: { timeout: CONNECT_TIMEOUT_MS }, httpProxy: '' });
  const now = options.now ?? Date.now;
  const timeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const { apiUrl, tokenUrl, clientId, clientSecret, refreshToken, logger } = options;
  const tokens = createTokenSource({ tokenUrl, clientId, clientSecret, refreshToken, dispatcher, logger, timeoutMs, now });
  const transport = createTransport({
    apiUrl,
    clientId,
    tokens,
    limiter: options.limiter ?? UNLIMITED,
    dispatcher,
    logger,
    timeoutMs,
    now,
  });
  const download = { apiUrl, dispatcher, now, ...(options.download ?? DOWNLOAD) };
  return {
    authorize: async (signal) => void (await tokens.get(signal)),
    accounts: { list: (signal) => listAccounts(transport, signal) },
    instances: {
      list: (account, signal) => listInstances(transport, account, signal),
      get: (instance, signal) => getInstance(transport, instance, signal),
    },
    advertisers: { list: (instance, signal) => listAdvertisers(transport, instance, signal) },
    dataSources: { list: (instance, signal) => listDataSources(transport, instance, signal) },
    workflows: {
      put: (instance, definition, signal) => putWorkflow(transport, instance, definition, signal),
      get: (instance, workflowId, signal) => getWorkflow(transport, instance, workflowId, signal),
      delete: (instance, workflowId, signal) => deleteWorkflow(transport, instance, workflowId, signal),
    },
    executions: {
      create: (instance, create, signal) => createExecution(transport, instance, create, signal),
      dryRun: (instance, dryRun, signal) => createDryRun(transport, instance, dryRun, signal),
      get: (instance, executionId, signal) => getExecution(transport, instance, executionId, signal),
      list: (instance, list, signal) => listExecutions(transport, instance, list, signal),
      cancel: (instance, executionId, signal) => cancelExecution(transport, instance, executionId, signal),
    },
    results: {
      urls: (instance, executionId, signal) => resultUrls(transport, instance, executionId, signal),
      open: (url, signal) => openResult(download, url, signal),
    },
    close: () => dispatcher.close(),
  };
}
