/**
 * What our statements take for granted of their connection, whatever the server, the database or the role has for a default. Nothing
 * about where tables lie (search_path) nor about memory: these are the operator's. The encoding is the driver's.
 */
const SETTINGS = {
  // Dates, times, intervals, floating point numbers and bytes as the driver reads them and as texts are cast.
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  // A backslash in a text is a backslash.
  standard_conforming_strings: 'on',
  // Off, a reader's statements would fail instead of being narrowed.
  row_security: 'on',
  // Compiling costs more than our statements take: the series of one campaign 167 ms instead of 9 (PostgreSQL 17).
  jit: 'off',
  // Statements have deadlines of their own here; some of a merge may take minutes.
  statement_timeout: '0',
  lock_timeout: '0',
  // What a transaction sets for itself (the scope of a read) is heard by the other machines of a Citus cluster. Elsewhere a name like any.
  'citus.propagate_set_commands': 'local',
} as const;

/** What only concerns statements outside of a transaction, and a transaction's beginning; ours say both. */
const OUTSIDE = { default_transaction_isolation: 'read committed', default_transaction_read_only: 'off' } as const;

/** Of a process that vanished in the middle of a transaction, the locks must not stay until the network notices. */
const leftAlone = (deadlineMs: number) => ({ idle_in_transaction_session_timeout: String(Math.round(deadlineMs)) });

/** The statements that a new connection begins with. By statements, since poolers refuse start-up parameters that they do not know. */
export const sessionSettings = (deadlineMs: number): string => set('SET', { ...SETTINGS, ...OUTSIDE, ...leftAlone(deadlineMs) });

/** The same for one transaction: where connections are lent by the transaction, none remembers anything. */
export const transactionSettings = (deadlineMs: number): string => set('SET LOCAL', { ...SETTINGS, ...leftAlone(deadlineMs) });

const set = (how: 'SET' | 'SET LOCAL', settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${how} ${name} = '${value}'`)
    .join('; ');
