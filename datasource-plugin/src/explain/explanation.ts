import type { PanelData } from '@grafana/data';

/** What an answer says about itself (meta.custom.explain of its frames; the contract's Explain). */
export interface Explain {
  question: string;
  source: { dataset: string; title: string; version: number; level: string | null; rollup: string | null; grain: string };
  days: { from: string; to: string } | null;
  leftOut: string[];
  comparison: { from: string; to: string } | null;
  hidden: Array<{ metric: string; currency: string | null; share: number }>;
  fresh: { dataAsOf: string | null; completeUntil: string | null; weeksMissing: string[]; weeksSettling: string[]; cached: boolean };
}

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
