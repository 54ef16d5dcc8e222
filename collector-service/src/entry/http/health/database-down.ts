import { ERRORS } from '../../../contract/errors.ts';
import type { ServerState } from '../../../data/store/embedded/supervise.ts';
import { failed, type Hop } from './hop.ts';

/**
 * The database does not answer: what is known of it, whether it comes back by itself, and what a person does. Anybody may read it, so
 * it names no path and no address. `server` is what our own embedded server does, undefined with a database that others run.
 */
export function databaseDown(server: ServerState | undefined): Hop {
  if (server === undefined) return failed('database', 'The collector cannot reach its database.', ERRORS.database_unavailable.remedy);
  const why = server.name !== 'running' && server.diskFull ? ', since its disk is full' : '';
  switch (server.name) {
    case 'running':
      return failed(
        'database',
        'The embedded database does not answer.',
        'If it stays so for a minute, look at postgres.log in its folder of DATA_DIR, and restart the collector.',
      );
    case 'restarting':
      return failed(
        'database',
        `The embedded database ended${why}, and is being started again: attempt ${server.attempt} of ${server.attempts}.`,
        `${why === '' ? 'Wait two minutes' : 'Free some space'}: work goes on where it was once it runs. If no attempt works, this process ends with exit code 75.`,
      );
    case 'given up':
      return failed(
        'database',
        `The embedded database ended${why}, and could not be started again.`,
        `This process ends with exit code 75 and does not go on by itself. ${why === '' ? 'Cure what postgres.log in its folder of DATA_DIR says' : 'Free some space'}, then start it again, unless its supervisor does.`,
      );
  }
}
