import type { Tx } from '../../../ground/database.ts';

/**
 * How values are written and read must not hang on a server's or a login's settings, and tables may be large: no limit of time is the
 * server's. Ends with the transaction.
 */
export const fixSession = (tx: Tx) =>
  tx.query(`SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1;
            SET LOCAL bytea_output = 'hex'; SET LOCAL client_encoding = 'UTF8'; SET LOCAL row_security = on;
            SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '60s'`);
