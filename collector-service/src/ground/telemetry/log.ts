import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * The log: JSON lines on stderr, so that stdout stays free for what a command was asked for.
 * Secrets are kept out by type (connect/secret.ts); the redaction here is the second lock on the same door.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service: 'amc-collector' },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      redact: {
        paths: [
          'authorization',
          'headers.authorization',
          'clientSecret',
          'refreshToken',
          'accessToken',
          'password',
          'token',
          '*.clientSecret',
          '*.refreshToken',
          '*.password',
          '*.token',
        ],
        censor: '[redacted]',
      },
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

/** What a reader needs of an error, and nothing else: a database error carries its whole connection along. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code, details } = error as { code?: unknown; details?: unknown };
  return {
    name,
    message,
    stack,
    ...(code === undefined ? {} : { code }),
    ...(details === undefined ? {} : { details }),
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  };
}
