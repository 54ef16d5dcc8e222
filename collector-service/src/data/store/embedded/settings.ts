/** For a laptop: enough cache for a year of weeks, and memory left for everything else. Durability is PostgreSQL's default. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // Sockets would need a directory that the server's account may write; TCP on the loopback needs none.
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  effective_cache_size: '1GB',
  max_wal_size: '2GB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** The server's command line: `-c name=value` of each setting. */
export const settingFlags = (port: number): string[] =>
  Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * What a statement frees stays with its process, up to this much. glibc hands it back to the kernel otherwise, and a hash table of 8 MB
 * costs 2,000 page faults in every statement that needs one: a sixth of the time of a top twenty over 7,000 campaigns. The mmap
 * threshold may be no larger; a C library that does not know these ignores them.
 */
const KEPT_MEMORY = String(32 * 1024 * 1024);
export const MEMORY = { MALLOC_TRIM_THRESHOLD_: KEPT_MEMORY, MALLOC_MMAP_THRESHOLD_: KEPT_MEMORY };
