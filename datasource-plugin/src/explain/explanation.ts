import type { Explain } from '@amc-reports/collector-service/contract';
import type { PanelData } from '@grafana/data';

export type { Explain };

export interface Explanation {
  explain: Explain | undefined;
  sql: string | undefined;
}

/** How the last answer came about; undefined before there is one. All frames of an answer say the same, so the first that says is read. */
export function explanationOf(data: PanelData | undefined, refId: string): Explanation | undefined {
  const metas = (data?.series ?? []).filter((frame) => frame.refId === refId).flatMap(({ meta }) => meta ?? []);
  const explain = metas.map(({ custom }) => custom?.['explain'] as Explain | undefined).find(Boolean);
  const sql = metas.map(({ executedQueryString }) => executedQueryString).find(Boolean);
  return explain || sql ? { explain, sql } : undefined;
}
