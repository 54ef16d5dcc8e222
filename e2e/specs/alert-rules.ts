import type { APIRequestContext } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface Query {
  refId: string;
  datasourceUid: string;
  relativeTimeRange?: { from: number; to: number };
  model: object;
}

export interface Rule {
  uid: string;
  title: string;
  condition: string;
  data: Query[];
  noDataState: string;
  execErrState: string;
  missing_series_evals_to_resolve?: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface Alert {
  uid: string;
  labels: Record<string, string>;
}

const folder = join(import.meta.dirname, '..', '..', 'provisioning', 'alerting');

/** The rules as they are shipped. */
export const shippedRules = (): Rule[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => parse(readFileSync(join(folder, file), 'utf8')) as { groups?: { rules: Rule[] }[] })
    .flatMap(({ groups = [] }) => groups.flatMap(({ rules }) => rules));

/** A rule's queries, asked of another data source than the shipped one. */
export const askedOf = (datasource: string, rule: Rule): Query[] =>
  rule.data.map((query) => (query.datasourceUid === '__expr__' ? query : { ...query, datasourceUid: datasource }));

interface Evaluation {
  results: Record<
    string,
    { error?: string; frames: { schema: { fields: { labels?: Record<string, string> }[] }; data: { values: number[][] } }[] }
  >;
}

/** Whom a rule fires for, as Grafana's own evaluation of its queries and expressions says, as of an instant. */
export async function firing(request: APIRequestContext, rule: Rule, now: Date): Promise<Alert[]> {
  const answer = await request.post('/api/v1/eval', { data: { condition: rule.condition, data: rule.data, now: now.toISOString() } });
  if (!answer.ok()) throw new Error(`${rule.uid}: ${answer.status()} ${await answer.text()}`);
  const { results } = (await answer.json()) as Evaluation;
  for (const [refId, { error }] of Object.entries(results)) if (error) throw new Error(`${rule.uid}, ${refId}: ${error}`);
  return (results[rule.condition]?.frames ?? [])
    .filter(({ data }) => Boolean(data.values[0]?.[0]))
    .map(({ schema }) => ({ uid: rule.uid, labels: schema.fields[0]?.labels ?? {} }));
}
