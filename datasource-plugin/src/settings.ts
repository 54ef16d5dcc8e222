import type { DataSourceJsonData } from '@grafana/data';

/** What Grafana keeps in the open (jsonData). TLS settings of Grafana's own form may stand beside these. */
export interface AmcSettings extends DataSourceJsonData {
  /** Address of the collector as the Grafana server sees it, without /v1. */
  url?: string;
  /** Seconds to wait for an answer; 30 when missing. */
  timeout?: number | undefined;
}

/** What Grafana encrypts and never gives back to a browser. */
export interface AmcSecrets {
  token?: string;
}

export const DEFAULT_TIMEOUT_SECONDS = 30;
export const MAX_TIMEOUT_SECONDS = 300;
