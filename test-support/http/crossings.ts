import type { RouteName } from '@amc-reports/collector-service/contract/api.ts';
import { QUERY } from './world.ts';

/** What belongs to somebody else: every id by which a route could be aimed at it, and a name that stands in everything about it. */
export interface Foreign {
  /** AMC instance id. */
  instance: string;
  collectionId: string;
  scheduleId: string;
  runId: string;
  ruleId: string;
  week: string;
}

/** The same in ids that nobody has. */
export const NOBODYS: Foreign = {
  instance: 'made-up',
  collectionId: '987654321',
  scheduleId: '987654321',
  runId: '987654321',
  ruleId: '987654321',
  week: '2026-11-02',
};

export interface Attempt {
  path: string;
  json?: unknown;
  /**
   * 'missing': not found, in the words used for what nobody has. 'refused': the same with 403.
   * 'hidden': answered (or refused to the role), and nothing of it is in the answer.
   */
  expected: 'missing' | 'refused' | 'hidden';
}

const missing = (path: string, json?: unknown): Attempt => ({ path, ...(json === undefined ? {} : { json }), expected: 'missing' });
const hidden = (path: string, json?: unknown): Attempt => ({ path, ...(json === undefined ? {} : { json }), expected: 'hidden' });
const reason = 'because I can';
const dataset = 'campaign_performance';
const byCampaign = { ...QUERY, queries: [{ metrics: ['spend', 'clicks'], dimensions: ['campaign'], grain: 'total', format: 'table' }] };

/**
 * Every route, and how it is aimed at what belongs to somebody else. A route that is missing here fails scope.test.ts.
 * The stream of events is followed there too.
 */
export const CROSSINGS: Partial<Record<RouteName, (foreign: Foreign) => Attempt[]>> = {
  health: () => [hidden('/v1/health')],
  catalogue: () => [hidden('/v1/catalogue')],
  dimensionValues: () => [hidden('/v1/dimensions/instance/values'), hidden(`/v1/dimensions/campaign/values?dataset=${dataset}`)],
  query: ({ instance }) => [
    { path: '/v1/query', json: { ...QUERY, instances: [instance] }, expected: 'refused' },
    hidden('/v1/query', byCampaign),
    hidden('/v1/query', { ...QUERY, queries: [{ queryType: 'restatements' }] }),
    hidden('/v1/query', { ...QUERY, queries: [{ queryType: 'freshness', dataset, format: 'table' }] }),
  ],
  collections: () => [hidden('/v1/collections')],
  collectableWindows: ({ instance }) => [missing(`/v1/collectable-windows?instance=${instance}&dataset=${dataset}`)],
  createCollection: ({ instance, scheduleId }) => [
    missing('/v1/collections', { instance, dataset: 'reach_frequency', weeks: 1 }),
    missing('/v1/collections', { instance, dataset: 'reach_frequency', weeks: 1, schedule: { id: scheduleId } }),
  ],
  collection: ({ collectionId }) => [missing(`/v1/collections/${collectionId}`)],
  scheduleCollection: ({ collectionId, scheduleId }) => [
    missing(`/v1/collections/${collectionId}/schedule`, { id: scheduleId }),
    missing(`/v1/collections/${collectionId}/schedule`, { template: 'weekly', name: 'mine' }),
  ],
  pauseCollection: ({ collectionId }) => [missing(`/v1/collections/${collectionId}/pause`)],
  resumeCollection: ({ collectionId }) => [missing(`/v1/collections/${collectionId}/resume`)],
  cancelCollection: ({ collectionId }) => [missing(`/v1/collections/${collectionId}/cancel`)],
  confirmWeek: ({ collectionId, week }) => [missing(`/v1/collections/${collectionId}/weeks/${week}/confirm`, { reason })],
  retryWeek: ({ collectionId, week }) => [missing(`/v1/collections/${collectionId}/weeks/${week}/retry`)],
  revisions: ({ collectionId, week }) => [
    missing(`/v1/collections/${collectionId}/revisions`),
    missing(`/v1/collections/${collectionId}/revisions?week=${week}&cursor=9999999999999999-9`),
  ],
  heldRuns: ({ collectionId }) => [hidden('/v1/held-runs'), hidden(`/v1/held-runs?collection=${collectionId}`)],
  heldRun: ({ runId }) => [missing(`/v1/held-runs/${runId}`)],
  heldRows: ({ runId }) => [missing(`/v1/held-runs/${runId}/rows?kind=changed`)],
  acceptHeldRun: ({ runId }) => [
    missing(`/v1/held-runs/${runId}/accept`, { reason }),
    missing(`/v1/held-runs/${runId}/accept`, { reason, servedVersion: 1, remember: { maxMove: 1 } }),
  ],
  keepHeldRun: ({ runId }) => [missing(`/v1/held-runs/${runId}/keep`, { reason })],
  runAgainHeldRun: ({ runId }) => [missing(`/v1/held-runs/${runId}/run-again`, { reason })],
  heldQuestions: ({ collectionId, instance }) => [
    hidden('/v1/held-questions'),
    hidden(`/v1/held-questions?collection=${collectionId}`),
    hidden(`/v1/held-questions?instance=${instance}`),
  ],
  decideHeldRuns: ({ runId, collectionId }) => [
    hidden('/v1/held-runs/decide', { decision: 'keep', reason, runs: [runId] }),
    hidden('/v1/held-runs/decide', { decision: 'accept', reason, where: { collection: collectionId } }),
    hidden('/v1/held-runs/decide', { decision: 'run_again', reason, where: { dataset }, dryRun: true }),
  ],
  acceptanceRules: () => [hidden('/v1/acceptance-rules')],
  setAcceptanceRule: ({ instance }) => [missing('/v1/acceptance-rules', { dataset, instance, maxMove: 1, reason })],
  removeAcceptanceRule: ({ ruleId }) => [missing(`/v1/acceptance-rules/${ruleId}`)],
  schedules: () => [hidden('/v1/schedules')],
  createSchedule: ({ collectionId }) => [missing('/v1/schedules', { name: 'mine', template: 'weekly', collections: [collectionId] })],
  schedule: ({ scheduleId }) => [missing(`/v1/schedules/${scheduleId}`)],
  editSchedule: ({ scheduleId }) => [missing(`/v1/schedules/${scheduleId}`, { restateWeeks: 1 })],
  deleteSchedule: ({ scheduleId }) => [missing(`/v1/schedules/${scheduleId}`)],
  pauseSchedule: ({ scheduleId }) => [missing(`/v1/schedules/${scheduleId}/pause`)],
  resumeSchedule: ({ scheduleId }) => [missing(`/v1/schedules/${scheduleId}/resume`)],
  runSchedule: ({ scheduleId }) => [missing(`/v1/schedules/${scheduleId}/run`)],
  scheduleHistory: ({ scheduleId }) => [missing(`/v1/schedules/${scheduleId}/history`)],
  scheduleTemplates: () => [hidden('/v1/schedule-templates')],
  schedulePreview: () => [hidden('/v1/schedule-preview?cron=0+6+*+*+3&timeZone=UTC')],
  events: () => [],
  audit: () => [hidden('/v1/audit')],
};
