import type { ErrorCode } from '@amc-reports/collector-service/contract';

const RETRY_LATER = 'It is tried again by itself. If it keeps failing, check Amazon’s status and the collector’s log, then retry the week.';
const CHECK_CREDENTIALS = 'An Admin has to check the Login-with-Amazon credentials of the connection; then resume the collection.';
const CHECK_QUERY = 'Amazon’s reason is above. Correct the dataset’s SQL, give it a new version, and start a collection of that version.';
const CHECK_FILE =
  'What was served stays. Retry the week to fetch it anew; if it comes back the same, look at the result file in the collector.';

/** What to do about the error of a week, by its code. Codes that never end a week are missing. */
const REMEDY: Partial<Record<ErrorCode, string>> = {
  database_unavailable: 'Check that PostgreSQL runs and that the collector can reach it. The week goes on by itself afterwards.',
  disk_full: 'Free some space on the disk of the collector or its database. Nothing half-done was kept; then retry the week.',
  lost_fence: 'Another worker took the week over. There is nothing to do.',
  timed_out: RETRY_LATER,
  amc_unreachable: RETRY_LATER,
  amc_throttled: 'Amazon asks us to go slower. The collector waits and goes on by itself.',
  amc_server_error: RETRY_LATER,
  amc_bad_answer: RETRY_LATER,
  amc_not_ready: 'Amazon does not have this week yet. It is tried again by itself.',
  amc_url_expired: 'A new address of the result is fetched by itself.',
  amc_rejected_request: CHECK_QUERY,
  amc_terms_not_accepted: 'Accept Amazon’s terms for this AMC account in its console; then resume the collection.',
  amc_forbidden: CHECK_CREDENTIALS,
  amc_not_found: 'Check that the AMC instance still exists and that the connection may use it; then retry the week.',
  amc_bad_credentials: CHECK_CREDENTIALS,
  amc_grant_revoked:
    'The permission was taken back. An Admin has to authorise the connection again and store the new refresh token; then resume the collection.',
  execution_rejected: CHECK_QUERY,
  execution_failed:
    'Amazon could not finish the query. Retry the week; if it fails again, ask for fewer weeks at a time or simplify the dataset’s SQL.',
  execution_cancelled: 'Somebody cancelled the query in AMC. Retry the week if it should be collected.',
  execution_overdue: 'Amazon took longer than allowed. Retry the week when AMC is less busy.',
  result_truncated: CHECK_FILE,
  result_header:
    'The file’s columns are not those of the dataset. Make a new version of the dataset that declares them, and collect that version.',
  result_value: CHECK_FILE,
  result_duplicate_keys: 'The dataset’s SQL gives several rows for one key. Correct it, give it a new version, and collect that version.',
  result_empty:
    'The file has no rows although the week had some before. Check in AMC that the instance still receives data; then retry the week.',
  week_out_of_range: 'Amazon keeps 13 months. The week is too old, or not complete yet.',
};

export const remedyFor = (code: string): string =>
  REMEDY[code as ErrorCode] ?? 'Retry the week. If it fails again, the collector’s log has the cause.';
