import { QUERY_VERSION, type AmcQuery } from './query';

/**
 * Lifts a saved query to the form of today. Dashboards keep the old form until they are saved again, and the Go backend reads both,
 * so a step may only add what was implied. A query of a newer plugin is left as it is; the backend says what to do.
 */
export function migrateQuery<T extends AmcQuery>(saved: T): T {
  return saved.version === undefined ? { ...saved, version: QUERY_VERSION } : saved;
}
