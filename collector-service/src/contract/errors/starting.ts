import type { ErrorEntry } from './entry.ts';

/** What keeps the collector from starting or working at all. */
export const STARTING = {
  config_invalid: {
    kind: 'terminal',
    status: 500,
    title: 'The configuration is wrong',
    cause: 'A variable, a provisioning file or a dataset file is wrong.',
    remedy: 'Correct the setting that the message names by variable, or by file and path.',
  },
  database_unavailable: {
    kind: 'transient',
    status: 503,
    title: 'The database cannot be reached',
    cause: 'PostgreSQL does not answer.',
    remedy:
      'Check that PostgreSQL runs and that host, port, password and network of DATABASE_URL are right; the collector goes on once it answers. The embedded one is started again by itself, some times: health says how it stands.',
  },
  database_too_old: {
    kind: 'terminal',
    status: 503,
    title: 'The database is too old',
    cause: 'The server is older than PostgreSQL 16.',
    remedy: 'Use PostgreSQL 16 or newer.',
  },
  clocks_disagree: {
    kind: 'transient',
    status: 503,
    title: 'The clocks contradict each other',
    cause: 'The clock of the database, of this machine, or both jumped, or nothing ran for more than 35 days. Meanwhile nothing is bought.',
    remedy: 'Set the clocks right (NTP). If they are right and the newest time seen before is what is wrong, run collector clock confirm.',
  },
  disk_full: {
    kind: 'transient',
    status: 507,
    title: 'The disk is full',
    cause: 'The disk of the collector or of its database is full. Nothing half-done was kept.',
    remedy: 'Free some space; what was under way is done again. If the process has ended meanwhile (exit code 75), start it again.',
  },
} as const satisfies Record<string, ErrorEntry>;
