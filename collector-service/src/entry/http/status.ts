import type { ErrorCode } from '../../contract/error.ts';

/** Statuses of codes whose thrower names none: the floors below do not think in HTTP. What is not here is ours: 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  identity_unavailable: 503,
  forbidden: 403,
  not_found: 404,
  invalid_request: 400,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  timed_out: 504,
  shutting_down: 503,
  unknown_dataset: 400,
  unknown_metric: 400,
  unknown_dimension: 400,
  no_answer: 422,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  database_unavailable: 503,
  disk_full: 507,
  week_out_of_range: 400,
  amc_unreachable: 502,
  amc_throttled: 503,
  amc_server_error: 502,
  amc_rejected_request: 502,
  amc_forbidden: 502,
  amc_not_found: 502,
  amc_bad_credentials: 502,
  amc_grant_revoked: 502,
  amc_terms_not_accepted: 502,
  amc_bad_answer: 502,
};

export const statusOf = (code: ErrorCode): number => STATUS[code] ?? 500;
