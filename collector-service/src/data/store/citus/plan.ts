import type { Pool } from 'pg';
import { READER_ROLE } from '../reader-role.ts';
import { findObstacles } from './obstacles.ts';
import { distributedTables, DISTRIBUTION_COLUMN } from './tables.ts';

export interface CitusNodes {
  /** host:port under which the other machines reach this database. */
  coordinator: string;
  /** host:port of each worker; none leaves the shards on the coordinator, which is a fair first step. */
  workers: readonly string[];
  /** Pieces each table is cut into; cannot be changed cheaply later. */
  shards: number;
}

/**
 * The statements that spread the growing tables over Citus nodes, for psql; nothing is run. All tables are cut alike and lie together by
 * instance, so that whatever concerns one instance concerns one machine.
 * @returns statements with comments, and what speaks against running them (see findObstacles)
 */
export async function citusPlan(pool: Pool, nodes: CitusNodes): Promise<{ sql: string; obstacles: string[] }> {
  const tables = await distributedTables(pool);
  const { rows } = await pool.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
  const [first, ...others] = tables;
  const column = `'${DISTRIBUTION_COLUMN}'`;
  const lines = [
    '-- Run by a superuser on the coordinator, every collector stopped, the database backed up.',
    'CREATE EXTENSION IF NOT EXISTS citus;',
    '-- The scope of a read is a setting of its transaction; the other machines must hear of it, or they show nothing.',
    `ALTER DATABASE ${rows[0]!.name} SET citus.propagate_set_commands = 'local';`,
    '-- Citus connects to the other machines as the role a statement runs under. Allow it between the machines only (pg_hba.conf).',
    `ALTER ROLE ${READER_ROLE} LOGIN;`,
    `SELECT citus_set_coordinator_host(${hostAndPort(nodes.coordinator)});`,
    ...nodes.workers.map((worker) => `SELECT citus_add_node(${hostAndPort(worker)});`),
    '',
    '-- The rows move into their shards, table by table; each statement takes its table for itself meanwhile.',
    `SELECT create_distributed_table('${first}', ${column}, shard_count => ${nodes.shards});`,
    ...others.map((table) => `SELECT create_distributed_table('${table}', ${column}, colocate_with => '${first}');`),
    '',
    '-- What the coordinator kept of the moved rows.',
    ...tables.map((table) => `SELECT truncate_local_data_after_distributing_table('${table}');`),
    '',
    '-- Where everything lies now.',
    'SELECT table_name, colocation_id, shard_count, table_size FROM citus_tables ORDER BY 1;',
  ];
  return { sql: lines.join('\n'), obstacles: await findObstacles(pool, tables) };
}

function hostAndPort(address: string): string {
  const [host, port = '5432'] = address.split(':');
  return `'${host}', ${port}`;
}
