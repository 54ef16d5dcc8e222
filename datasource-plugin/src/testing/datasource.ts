import type { DataSourceInstanceSettings } from '@grafana/data';
import { setBackendSrv, type BackendSrv, type BackendSrvRequest, type TemplateSrv } from '@grafana/runtime';
import { of, throwError } from 'rxjs';
import { AmcDatasource } from '../datasource';
import type { AmcSettings } from '../settings';
import { CATALOGUE } from './catalogue';

/** A variable as a dashboard holds it; `all` means All is chosen. */
export interface Variable {
  value?: string | string[];
  all?: boolean;
  /** Grafana's "Custom all value". */
  allValue?: string;
}

/**
 * Grafana's template service in small: what it does with $name, ${name}, ${name:text} and a format function, as read in Grafana 12.3
 * (a chosen All gives the function every option, a custom all value is put in as text, an unknown variable stays).
 */
export function templates(variables: Record<string, Variable>): TemplateSrv {
  const replace = (text = '', _scoped?: unknown, format?: unknown): string =>
    text.replace(/\$(\w+)|\$\{(\w+)(?::(\w+))?\}/g, (whole, plain?: string, braced?: string, as?: string) => {
      const variable = variables[plain ?? braced ?? ''];
      if (!variable) {
        return whole;
      }
      const shown = variable.all ? 'All' : [variable.value ?? ''].flat().join(' + ');
      if (as === 'text') {
        return shown;
      }
      if (variable.all && variable.allValue !== undefined) {
        return variable.allValue;
      }
      return typeof format === 'function'
        ? String(format(variable.value ?? '', { name: plain ?? braced }, undefined))
        : [variable.value ?? ''].flat().join(',');
    });
  return {
    replace,
    getVariables: () => Object.keys(variables).map((name) => ({ name })),
    containsTemplate: (text?: string) => replace(text) !== text,
    updateTimeRange: () => undefined,
  } as unknown as TemplateSrv;
}

type Answer = (request: BackendSrvRequest) => unknown;

/** The data source over a Grafana whose resource calls are answered by `answer`; it may throw. Returns what was asked, too. */
export function datasourceWith(answer: Answer = () => CATALOGUE, variables: Record<string, Variable> = {}) {
  const asked: BackendSrvRequest[] = [];
  setBackendSrv({
    fetch: (request: BackendSrvRequest) => {
      asked.push(request);
      try {
        return of({ data: answer(request) });
      } catch (error) {
        return throwError(() => error);
      }
    },
  } as unknown as BackendSrv);
  const settings = {
    id: 1,
    uid: 'amc',
    type: 'amcreports-amc-datasource',
    name: 'AMC',
    jsonData: {},
    access: 'proxy',
    readOnly: false,
    meta: {},
  };
  const datasource = new AmcDatasource(settings as unknown as DataSourceInstanceSettings<AmcSettings>, templates(variables));
  return { datasource, asked };
}

/** What Grafana's fetch throws for a problem of the collector. */
export const problem = (status: number, detail: string) => ({ status, statusText: '', data: { detail }, config: { url: '' } });
