import { READER_ROLE } from './reader-role.ts';

/** Which rows a reader sees: those of the instances that its transaction names. The column holds an instance's id. */
export const VISIBLE = {
  /** The sub-select makes PostgreSQL read the setting once instead of once per row. */
  plain: (column: string) => `${column} = ANY ((SELECT string_to_array(current_setting('app.scope', true), ','))::bigint[])`,
  /** Citus takes no policy with a sub-select. */
  distributed: (column: string) => `${column} = ANY (string_to_array(current_setting('app.scope', true), ',')::bigint[])`,
} as const;

export const READER_POLICY = 'reader_scope';

/** The policy under which callers' questions are answered; the form depends on whether the table is spread over machines. */
export const createReaderPolicy = (table: string, form: keyof typeof VISIBLE): string =>
  `CREATE POLICY ${READER_POLICY} ON ${table} FOR SELECT TO ${READER_ROLE} USING (${VISIBLE[form]('instance_id')})`;
