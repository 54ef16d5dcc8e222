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
      redact: {
        paths: ['authorization', 'headers.authorization', 'clientSecret', 'refreshToken', 'accessToken', 'password', 'token', '*.clientSecret', '*.refreshToken', '*.password', '*.token'],
        censor: '[redacted]',
      },
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}
