/**
 * The HTTP API at a glance: the one table behind the server's routes, its OpenAPI document and the role checks.
 * A role includes those below it: Viewer reads, Editor acts, Admin configures.
 *
 * What goes in and comes out (schemas of this folder): query QueryRequest → QueryResponse; dimensionValues ?DimensionValuesQuery →
 * DimensionValues; collections → CollectionList; createCollection CreateCollection → 201 Collection; collection → CollectionDetail;
 * pause, resume and cancel → Collection; retryWeek → 202 Week; events → server-sent CollectionEvent. Every error is a Problem.
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
  events: { method: 'get', path: '/v1/events', role: 'Viewer' },
} as const;
export type RouteName = keyof typeof ROUTES;
export type Role = 'Viewer' | 'Editor' | 'Admin';
