import type { DataSourceJsonData } from '@grafana/data';

/**
 * What Grafana keeps in the open (jsonData). TLS, proxy and headers (httpHeaderName1 …) have the names that Grafana's SDK reads, so
 * that the backend needs no code for them.
 */
export interface AmcSettings extends DataSourceJsonData {
  /** Address of the collector as the Grafana server sees it, without /v1. */
  url?: string;
  /** Seconds to wait for an answer; 30 when missing. */
  timeout?: number | undefined;
  tlsSkipVerify?: boolean;
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  /** The name in the collector's certificate, where it is not the URL's. */
  serverName?: string;
}

/** What Grafana encrypts and never gives back to a browser. */
export interface AmcSecrets {
  token?: string;
  tlsCACert?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
}

export const DEFAULT_TIMEOUT_SECONDS = 30;
export const MAX_TIMEOUT_SECONDS = 300;
