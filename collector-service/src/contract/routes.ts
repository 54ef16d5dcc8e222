/**
 * The HTTP API at a glance: the one table behind the server's routes, its OpenAPI document and the role checks.
 * A role includes those below it: Viewer reads, Editor acts, Admin configures.
 *
 * What goes in and comes out (schemas of this folder): query QueryRequest → QueryResponse; dimensionValues ?DimensionValuesQuery →
 * DimensionValues; collections → CollectionList; createCollection CreateCollection → 201 Collection; collection → CollectionDetail;
 * pause, resume and cancel → Collection; retryWeek → 202 Week; events → server-sent CollectionEvent. Every error is a Problem.
 * Held runs (review.ts): heldRuns → HeldRunList; heldRun → HeldRunDetail; heldRows → HeldRows; accept, keep and run-again
 * AcceptHeldRun or DecideHeldRun → HeldRunDetail; revisions → RevisionList; acceptance rules → AcceptanceRuleList, AcceptanceRule.
 * Schedules (schedules.ts): schedules → ScheduleList; createSchedule CreateSchedule → 201 Schedule; schedule → ScheduleDetail;
 * editSchedule EditSchedule, deleteSchedule, pause and resume → Schedule; runSchedule → 202 ScheduleTick; scheduleHistory
 * ?ScheduleHistoryQuery → ScheduleHistory; scheduleTemplates → ScheduleTemplateList; schedulePreview ?SchedulePreviewQuery → SchedulePreview.
 */
export const ROUTES = {
  health: { method: 'get', path: '/v1/health', role: 'Viewer' },
  catalogue: { method: 'get', path: '/v1/catalogue', role: 'Viewer' },
  dimensionValues: { method: 'get', path: '/v1/dimensions/{dimension}/values', role: 'Viewer' },
  query: { method: 'post', path: '/v1/query', role: 'Viewer' },
  collections: { method: 'get', path: '/v1/collections', role: 'Viewer' },
  createCollection: { method: 'post', path: '/v1/collections', role: 'Editor' },
  collection: { method: 'get', path: '/v1/collections/{id}', role: 'Viewer' },
  pauseCollection: { method: 'post', path: '/v1/collections/{id}/pause', role: 'Editor' },
  resumeCollection: { method: 'post', path: '/v1/collections/{id}/resume', role: 'Editor' },
  cancelCollection: { method: 'post', path: '/v1/collections/{id}/cancel', role: 'Editor' },
  retryWeek: { method: 'post', path: '/v1/collections/{id}/weeks/{week}/retry', role: 'Editor' },
  revisions: { method: 'get', path: '/v1/collections/{id}/revisions', role: 'Viewer' },
  heldRuns: { method: 'get', path: '/v1/held-runs', role: 'Viewer' },
  heldRun: { method: 'get', path: '/v1/held-runs/{runId}', role: 'Viewer' },
  heldRows: { method: 'get', path: '/v1/held-runs/{runId}/rows', role: 'Viewer' },
  acceptHeldRun: { method: 'post', path: '/v1/held-runs/{runId}/accept', role: 'Editor' },
  keepHeldRun: { method: 'post', path: '/v1/held-runs/{runId}/keep', role: 'Editor' },
  runAgainHeldRun: { method: 'post', path: '/v1/held-runs/{runId}/run-again', role: 'Editor' },
  acceptanceRules: { method: 'get', path: '/v1/acceptance-rules', role: 'Viewer' },
  setAcceptanceRule: { method: 'post', path: '/v1/acceptance-rules', role: 'Editor' },
  removeAcceptanceRule: { method: 'delete', path: '/v1/acceptance-rules/{ruleId}', role: 'Editor' },
  schedules: { method: 'get', path: '/v1/schedules', role: 'Viewer' },
  createSchedule: { method: 'post', path: '/v1/schedules', role: 'Editor' },
  schedule: { method: 'get', path: '/v1/schedules/{id}', role: 'Viewer' },
  editSchedule: { method: 'patch', path: '/v1/schedules/{id}', role: 'Editor' },
  deleteSchedule: { method: 'delete', path: '/v1/schedules/{id}', role: 'Editor' },
  pauseSchedule: { method: 'post', path: '/v1/schedules/{id}/pause', role: 'Editor' },
  resumeSchedule: { method: 'post', path: '/v1/schedules/{id}/resume', role: 'Editor' },
  runSchedule: { method: 'post', path: '/v1/schedules/{id}/run', role: 'Editor' },
  scheduleHistory: { method: 'get', path: '/v1/schedules/{id}/history', role: 'Viewer' },
  scheduleTemplates: { method: 'get', path: '/v1/schedule-templates', role: 'Viewer' },
  schedulePreview: { method: 'get', path: '/v1/schedule-preview', role: 'Viewer' },
  events: { method: 'get', path: '/v1/events', role: 'Viewer' },
  audit: { method: 'get', path: '/v1/audit', role: 'Admin' },
} as const;
export type RouteName = keyof typeof ROUTES;
export type Role = 'Viewer' | 'Editor' | 'Admin';
