import type { CollectorError, ErrorCode } from '../../contract/error.ts';

const REMEDIES: Partial<Record<ErrorCode, string>> = {
  amc_bad_credentials: 'Set AMC_CLIENT_ID and AMC_CLIENT_SECRET as the security profile of your Amazon application shows them.',
  amc_grant_revoked: 'Authorise the application again and set the new AMC_REFRESH_TOKEN.',
  amc_unreachable: 'Check network, proxy and firewall, and AMC_REGION, AMC_API_URL and AMC_TOKEN_URL.',
  amc_forbidden: 'Set AMC_ACCOUNT_ID and AMC_MARKETPLACE_ID to an account named above, or have the user added to the account in AMC.',
  amc_not_found: 'Set AMC_INSTANCE_ID to an id that the AMC console shows for this account.',
  amc_terms_not_accepted: 'Open the instance in the AMC console and accept the terms and conditions.',
  amc_throttled: 'Wait a minute and check again.',
  amc_server_error: 'Wait a minute and check again; the fault is on Amazon’s side.',
  amc_bad_answer: 'Check AMC_API_URL and AMC_TOKEN_URL.',
  amc_not_ready: 'Wait until the AMC console shows the instance as ready.',
  execution_rejected: 'Correct the dataset’s SQL as Amazon’s reason says; docs/datasets.md lists what AMC’s SQL lacks.',
  amc_rejected_request: 'Correct the dataset’s SQL or the setting that Amazon’s reason names.',
  execution_overdue: 'Check again later.',
  config_invalid: 'Correct the setting named above.',
};

/** What a person does about an error on the way to Amazon. */
export const remedyFor = (error: CollectorError): string => REMEDIES[error.code] ?? 'See docs/troubleshooting.md for this message.';
