import { randomBytes } from 'node:crypto';
import type { Response } from 'express';

/** Amazon's compact JSON: keys in alphabetical order, absent values left out (reference/amc.md §3). */
export function amazonJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => child !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}

const REQUEST_ID_LETTERS = 'ABCDEFGHJKLMNPQRSTVWXYZ0123456789';

/** Twenty capitals and digits, the same in both headers. */
export const requestId = (): string => Array.from(randomBytes(20), (byte) => REQUEST_ID_LETTERS[byte % REQUEST_ID_LETTERS.length]).join('');

export const MEDIA = {
  accounts: 'application/vnd.amcaudiencesconnections.v1+json',
  instances: 'application/vnd.amcinstances.v1+json',
  dataSources: 'application/vnd.amcdatasources.v1+json',
  workflows: 'application/vnd.amcworkflows.v1+json',
  executions: 'application/vnd.amcworkflowexecutions.v1+json',
  schedules: 'application/vnd.amcschedules.v1+json',
  json: 'application/json',
  /** Seen on the answer to creating a workflow. */
  octets: 'application/octet-stream',
} as const;

export function answer(response: Response, body: unknown, media: string = MEDIA.json, status = 200): void {
  const text = amazonJson(body);
  response.status(status);
  response.setHeader('Content-Type', media);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
