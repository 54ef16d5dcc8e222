import type { Pool } from 'pg';
import { createReaderPolicy, READER_POLICY } from '../reader-policy.ts';
import { READER_ROLE } from '../reader-role.ts';
import { findObstacles } from './obstacles.ts';
import { distributedAlready, distributedTables, DISTRIBUTION_COLUMN } from './tables.ts';

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
 * instance, so that whatever concerns one instance concerns one machine. Tables that are spread already are left as they are, so that
 * the plan of a new dataset is made in the same way.
 * @returns statements with comments, and what speaks against running them (see findObstacles)
 */
export async function citusPlan(pool: Pool, nodes: CitusNodes): Promise<{ sql: string; obstacles: string[] }> {
  const tables = await distributedTables(pool);
  const done = await distributedAlready(pool);
  const [first] = tables;
  const left = tables.filter((table) => !done.includes(table));
  const lines = [
    '-- Run in psql by a superuser on the coordinator, every collector stopped, the database backed up. It ends at the first error.',
    '\\set ON_ERROR_STOP on',
    ...(done.length > 0 ? [] : clusterStatements(nodes)),
    ...left.flatMap((table) => [
      '',
      ...tableStatements(table, table === first ? `shard_count => ${nodes.shards}` : `colocate_with => '${first}'`),
    ]),
    '',
    '-- Where everything lies now.',
    'SELECT table_name, colocation_id, shard_count, table_size FROM citus_tables ORDER BY 1;',
  ];
  return { sql: lines.join('\n'), obstacles: await findObstacles(pool, tables) };
}

const clusterStatements = ({ coordinator, workers }: CitusNodes): string[] => [
  'CREATE EXTENSION IF NOT EXISTS citus;',
  '-- Citus connects to the other machines as the role a statement runs under. Allow it between the machines only (pg_hba.conf).',
  `ALTER ROLE ${READER_ROLE} LOGIN;`,
  `SELECT citus_set_coordinator_host(${hostAndPort(coordinator)});`,
  ...workers.map((worker) => `SELECT citus_add_node(${hostAndPort(worker)});`),
];

/**
 * Citus takes no policy with a sub-select. Of an owner that is held back by policies it takes no INSERT … SELECT, which travels as COPY;
 * readers own nothing, so they are held back all the same (findObstacles makes sure of it).
 */
const tableStatements = (table: string, how: string): string[] => [
  'BEGIN;',
  `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY;`,
  `DROP POLICY ${READER_POLICY} ON ${table};`,
  `${createReaderPolicy(table, 'distributed')};`,
  '-- The rows move into their shards; the table is taken for that meanwhile.',
  `SELECT create_distributed_table('${table}', '${DISTRIBUTION_COLUMN}', ${how});`,
  '-- What the coordinator kept of them.',
  `SELECT truncate_local_data_after_distributing_table('${table}');`,
  'COMMIT;',
];

function hostAndPort(address: string): string {
  const [host, port = '5432'] = address.split(':');
  return `'${host}', ${port}`;
}
