import { config } from '@grafana/runtime';
import type { PagePath } from './pages';
import { APP_ID, DATASOURCE_ID } from './plugin-id';

type Params<P extends string> = P extends `${infer Start}/${infer Rest}`
  ? Params<Start> & Params<Rest>
  : P extends `:${infer Name}`
    ? { readonly [N in Name]: string }
    : unknown;
type ParamsArgument<P extends string> = unknown extends Params<P> ? [] : [params: Params<P>];

/**
 * Address of a page for links: `pagePath('collections/:id', { id })`. With the path under which Grafana is served, so that it also opens
 * in a new tab.
 */
export function pagePath<P extends PagePath>(page: P, ...[params]: ParamsArgument<P>): string {
  const values = (params ?? {}) as Record<string, string>;
  const filled = page.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(values[name] ?? ''));
  return `${config.appSubUrl}/a/${APP_ID}${filled && `/${filled}`}`;
}

/** Addresses of Grafana's own pages. */
export const grafanaPaths = {
  configuration: `${config.appSubUrl}/plugins/${APP_ID}?page=configuration`,
  datasource: (uid: string) => `${config.appSubUrl}/connections/datasources/edit/${encodeURIComponent(uid)}`,
  newDatasource: `${config.appSubUrl}/plugins/${DATASOURCE_ID}`,
} as const;
