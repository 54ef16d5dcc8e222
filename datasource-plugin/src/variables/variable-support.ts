import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse, type MetricFindValue, type ScopedVars } from '@grafana/data';
import { from, map, type Observable } from 'rxjs';
import type { AmcDatasource } from '../datasource';
import { QUERY_VERSION, type AmcQuery } from '../query';
import { VariableEditor } from './VariableEditor';
import { isVariableComplete, type AmcVariableQuery } from './variable-query';
import { valuesOf } from './values';

/** Query variables: lists out of the catalogue, and values of dimensions. */
export class AmcVariableSupport extends CustomVariableSupport<AmcDatasource, AmcVariableQuery> {
  private readonly datasource: AmcDatasource;
  override editor = VariableEditor;

  constructor(datasource: AmcDatasource) {
    super();
    this.datasource = datasource;
  }

  // Grafana's type speaks of panel queries, but the variable editor gets what is returned here.
  override getDefaultQuery(): Partial<AmcQuery> {
    const start: Partial<AmcVariableQuery> = { version: QUERY_VERSION, kind: 'values', dimension: 'advertiser' };
    return start as Partial<AmcQuery>;
  }

  override query(request: DataQueryRequest<AmcVariableQuery>): Observable<DataQueryResponse> {
    const [query] = request.targets;
    return from(query && isVariableComplete(query) ? this.list(query, request.scopedVars) : Promise.resolve([])).pipe(
      map((data) => ({ data })),
    );
  }

  private async list(query: AmcVariableQuery, scopedVars: ScopedVars): Promise<MetricFindValue[]> {
    const { kind } = query;
    if (kind === 'values') {
      const { values } = await valuesOf(this.datasource, query, scopedVars);
      return values.map(({ value, label }) => ({ text: label, value }));
    }
    const { datasets, instances } = await this.datasource.catalogue();
    switch (kind) {
      case 'instances':
        return instances.map(({ instance, name }) => ({ text: name, value: instance }));
      case 'datasets':
        return datasets.map(({ name, title }) => ({ text: title, value: name }));
      case 'metrics': {
        // A dataset may be named by a variable itself.
        const { dataset } = this.datasource.fill({ refId: query.refId, ...(query.dataset && { dataset: query.dataset }) }, scopedVars);
        return datasets
          .filter(({ name }) => !dataset || name === dataset)
          .flatMap(({ metrics }) => metrics.map(({ name, title }) => ({ text: title, value: name })));
      }
      case 'currencies':
        // In the collector's order: an instance's own currency comes first.
        return [...new Set(instances.flatMap(({ currencies }) => currencies))].map((currency) => ({ text: currency, value: currency }));
    }
  }
}
