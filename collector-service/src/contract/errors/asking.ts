import type { ErrorEntry } from './entry.ts';

const unknownName = {
  kind: 'terminal',
  status: 400,
  cause: 'The catalogue does not have this name.',
  remedy: 'Choose one of the nearest names, which the answer lists.',
} as const;

const malformed = {
  kind: 'terminal',
  cause: 'The request does not match /openapi.json.',
  remedy: 'Correct what the answer names; every mistake in a field comes with its path.',
} as const;

/** Why a request, a command or a question is not answered. */
export const ASKING = {
  unauthenticated: {
    kind: 'terminal',
    status: 401,
    title: 'Not signed in to the collector',
    cause: 'There is no token, it is a wrong or a revoked one, or the signature for the person is refused.',
    remedy:
      'Set the data source’s token to the one in DATA_DIR/collector.token, or to COLLECTOR_TOKEN; for a person, GRAFANA_ISSUER must be Grafana’s root URL.',
  },
  identity_unavailable: {
    kind: 'transient',
    status: 503,
    title: 'Grafana’s users cannot be verified',
    cause: 'Grafana’s signing keys or its teams cannot be read.',
    remedy: 'Make sure that GRAFANA_KEYS_URL, and GRAFANA_URL for grants to teams, can be reached from the collector.',
  },
  forbidden: {
    kind: 'terminal',
    status: 403,
    title: 'Not allowed',
    cause: 'The role or the token’s instances do not allow it.',
    remedy: 'Ask somebody with the role it needs: Viewers read, Editors act, Admins configure.',
  },
  not_found: {
    kind: 'terminal',
    status: 404,
    title: 'Not found',
    cause: 'There is no such thing within your scope.',
    remedy: 'List what there is, and choose from that.',
  },
  conflict: {
    kind: 'terminal',
    status: 409,
    title: 'Not possible as things are',
    cause: 'Something else exists or is under way that rules it out.',
    remedy: 'Settle what the message names, then try again.',
  },
  unknown_dataset: { title: 'Unknown dataset', ...unknownName },
  unknown_metric: { title: 'Unknown metric', ...unknownName },
  unknown_dimension: { title: 'Unknown dimension', ...unknownName },
  no_answer: {
    kind: 'terminal',
    status: 400,
    title: 'Amazon did not count this',
    cause: 'A distinct count was asked for over something that Amazon did not count.',
    remedy: 'Ask for one of the combinations that the answer lists.',
  },
  invalid_request: { status: 400, title: 'Invalid request', ...malformed },
  method_not_allowed: { status: 405, title: 'Method not allowed', ...malformed },
  unsupported_media_type: { status: 415, title: 'Unsupported media type', ...malformed },
  too_large: { status: 413, title: 'Too large', ...malformed },
  rate_limited: {
    kind: 'throttled',
    status: 429,
    title: 'Too many requests',
    cause: 'One person or token sent too many requests.',
    remedy: 'Wait as long as Retry-After says.',
  },
  timed_out: {
    kind: 'transient',
    status: 504,
    title: 'It took too long',
    cause: 'A query or a merge was over its deadline.',
    remedy: 'Ask for a shorter range or fewer dimensions; a merge is tried again by itself.',
  },
  shutting_down: {
    kind: 'transient',
    status: 503,
    title: 'The collector restarts',
    cause: 'The collector is stopping.',
    remedy: 'Try again in a moment.',
  },
  internal: {
    kind: 'bug',
    status: 500,
    title: 'A mistake of the collector',
    cause: 'This is a bug of ours.',
    remedy: 'Look into the collector’s log: it has the request id with the stack.',
  },
} as const satisfies Record<string, ErrorEntry>;
