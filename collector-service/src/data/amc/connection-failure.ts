import { CollectorError } from '../../contract/error.ts';

/** Failures that happen before the first byte of a request leaves: Amazon cannot have acted on it. */
const NEVER_SENT = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);
const CERTIFICATE = /CERT|TLS|SSL|SELF_SIGNED|LEAF_SIGNATURE/;

/**
 * A request without an answer, as an error of ours. `details.sent` is false only when the request certainly never left;
 * a closed connection or a timeout leaves it open whether Amazon acted on it.
 */
export function connectionFailure(what: string, host: string, cause: unknown): CollectorError {
  if (cause instanceof CollectorError) return cause;
  const code = codeOf(cause);
  const sent = !NEVER_SENT.has(code);
  return new CollectorError('amc_unreachable', `${what} failed: ${reason(code, host)}`, { details: { reason: code, host, sent }, cause });
}

function reason(code: string, host: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA')
    return `the name ${host} cannot be resolved; check the network, DNS and the API URL.`;
  if (code === 'ECONNREFUSED') return `${host} refuses connections; check the API URL and that the server runs.`;
  if (CERTIFICATE.test(code))
    return `the certificate of ${host} is not trusted (${code}); a proxy in between needs its certificate in NODE_EXTRA_CA_CERTS.`;
  if (/TIMEOUT|TimeoutError|ETIMEDOUT/.test(code)) return `${host} did not answer in time.`;
  return `the connection to ${host} broke (${code}).`;
}

/** The first code in the chain of causes; a happy-eyeballs failure holds several errors. */
function codeOf(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 5) return 'unknown';
  const { code, name, cause, errors } = error as { code?: unknown; name?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0], depth + 1);
  if (cause !== undefined) return codeOf(cause, depth + 1);
  return typeof name === 'string' ? name : 'unknown';
}
