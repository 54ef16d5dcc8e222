import type { ErrorEntry } from './entry.ts';

/** What goes wrong between the collector and Amazon. */
export const AMAZON = {
  amc_bad_credentials: {
    kind: 'terminal',
    status: 502,
    title: 'Amazon refuses the credentials',
    cause: 'The client id or the client secret is wrong, or Amazon slipped: one such answer stops nothing.',
    remedy:
      'Set AMC_CLIENT_ID and AMC_CLIENT_SECRET as the security profile of your Amazon application shows them; what stopped goes on by itself within an hour, or at once when you resume it.',
  },
  amc_grant_revoked: {
    kind: 'terminal',
    status: 502,
    title: 'Amazon’s permission was taken back',
    cause: 'The user took the grant back, or the token belongs to another client, or Amazon slipped: one such answer stops nothing.',
    remedy:
      'Authorise the application again and set the new AMC_REFRESH_TOKEN; what stopped goes on by itself within an hour, or at once when you resume it.',
  },
  amc_terms_not_accepted: {
    kind: 'terminal',
    status: 502,
    title: 'AMC’s terms wait for acceptance',
    cause: 'Nobody has accepted AMC’s terms and conditions for this account.',
    remedy:
      'Open the instance in the AMC console and accept the terms and conditions; what stopped goes on by itself within an hour, or at once when you resume it.',
  },
  amc_forbidden: {
    kind: 'terminal',
    status: 502,
    title: 'Amazon does not allow it',
    cause: 'The user may not see the account or the instance, or the marketplace is not the account’s.',
    remedy:
      'Set AMC_ACCOUNT_ID and AMC_MARKETPLACE_ID to an account that the user sees (collector check names them), or have the user added to the account in AMC; what stopped goes on by itself within an hour, or at once when you resume it.',
  },
  amc_not_found: {
    kind: 'terminal',
    status: 502,
    title: 'Amazon does not have it',
    cause: 'The instance id is wrong, or the instance is gone.',
    remedy:
      'Set AMC_INSTANCE_ID to an id that the AMC console shows for this account. A result or execution that is gone fails its week after an hour: retry it.',
  },
  amc_rejected_request: {
    kind: 'terminal',
    status: 502,
    title: 'Amazon does not accept the request',
    cause: 'Amazon did not understand a request; the message holds its words.',
    remedy: 'Correct the dataset’s SQL or the setting that Amazon’s reason names.',
  },
  amc_throttled: {
    kind: 'throttled',
    status: 503,
    title: 'Amazon asks to go slower',
    cause: 'Amazon had too many requests. Collections try again by themselves; collector check does so for a minute.',
    remedy: 'Wait a minute. The collector halves its rate, keeps the wait that Amazon asks for and goes on by itself.',
  },
  amc_unreachable: {
    kind: 'transient',
    status: 502,
    title: 'Amazon cannot be reached',
    cause: 'The network, a proxy or a firewall is in the way, or an address is wrong. Collections try again with growing pauses.',
    remedy: 'Check network, proxy and firewall, and AMC_REGION, AMC_API_URL and AMC_TOKEN_URL.',
  },
  amc_server_error: {
    kind: 'transient',
    status: 502,
    title: 'Amazon has a fault',
    cause: 'The fault is on Amazon’s side. Collections try again with growing pauses.',
    remedy: 'Wait a minute and try again; if it stays so, check Amazon’s status.',
  },
  amc_bad_answer: {
    kind: 'transient',
    status: 502,
    title: 'Amazon’s answer cannot be read',
    cause: 'The answer is not Amazon’s, or cut short. Collections try again with growing pauses.',
    remedy: 'Check AMC_API_URL and AMC_TOKEN_URL.',
  },
  amc_not_ready: {
    kind: 'transient',
    status: 502,
    title: 'Amazon is not ready',
    cause: 'Results were asked for too early, Amazon gave no address for them, or the instance is still being made.',
    remedy: 'Wait: results are asked for again by themselves, and the AMC console shows when an instance is ready.',
  },
  amc_url_expired: {
    kind: 'transient',
    status: 502,
    title: 'The link to the result ran out',
    cause: 'A link to a result is good for ten minutes.',
    remedy: 'Nothing: a new link is asked for by itself.',
  },
  execution_rejected: {
    kind: 'terminal',
    status: 502,
    title: 'Amazon refuses the SQL',
    cause:
      'Amazon refuses the SQL, so the collection stops at once instead of failing week by week. A refusal for too many overlapping queries only parks the week for two days.',
    remedy: 'Correct the dataset’s SQL as Amazon’s reason says, as a new version; docs/datasets.md lists what AMC’s SQL lacks.',
  },
  execution_failed: {
    kind: 'transient',
    status: 502,
    title: 'Amazon could not finish the query',
    cause: 'Amazon’s side failed. The query is tried up to three times.',
    remedy: 'Retry the week; if it fails again, ask for fewer weeks at a time or simplify the dataset’s SQL.',
  },
  execution_cancelled: {
    kind: 'transient',
    status: 502,
    title: 'The query was cancelled in AMC',
    cause: 'A person cancelled it in the AMC console, or Amazon did. The query is tried up to three times.',
    remedy: 'Retry the week if it should be collected.',
  },
  execution_overdue: {
    kind: 'transient',
    status: 504,
    title: 'Amazon took longer than allowed',
    cause: 'Nothing was heard of the query for its timeout and a day.',
    remedy: 'Check again later, or retry the week when AMC is less busy.',
  },
  day_limit: {
    kind: 'throttled',
    status: 503,
    title: 'The day’s executions are used up',
    cause: 'The instance or the account has had its executions of the UTC day.',
    remedy:
      'Wait until the time named, or raise INSTANCE_EXECUTIONS_PER_DAY, ACCOUNT_EXECUTIONS_PER_DAY or the instance’s executionsPerDay and restart.',
  },
} as const satisfies Record<string, ErrorEntry>;
