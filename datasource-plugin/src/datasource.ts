import type { Catalogue, DimensionValues } from '@amc-reports/collector-service/contract';
import type {
  AdHocVariableFilter,
  CoreApp,
  DataFrame,
  DataQueryRequest,
  DataQueryResponse,
  DataSourceGetTagKeysOptions,
  DataSourceGetTagValuesOptions,
  DataSourceInstanceSettings,
  MetricFindValue,
  ScopedVars,
} from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { map, type Observable } from 'rxjs';
import { toFilter } from './adhoc';
import { annotationSupport } from './annotations';
import { datasetOf, dimensionsOf } from './catalogue';
import { withDays } from './days';
import { defaultQuery, isComplete } from './defaults';
import { interpolate } from './interpolate';
import { migrateQuery } from './migrations';
import type { AmcFilter, AmcQuery } from './query';
import type { AmcSettings } from './settings';
import { withZone, zoneOf } from './time-zone';
import { AmcVariableSupport } from './variables/variable-support';

/** The catalogue changes when somebody adds a dataset: seldom, but then it should be seen without a reload. */
const CATALOGUE_MS = 60_000;
const LISTED_VALUES = 200;

/** What narrows a list of values. Filters on the dimension itself are left out: a list must not shrink to what was chosen from it. */
interface ValuesAsked {
  dataset?: string | undefined;
  search?: string | undefined;
  filters?: readonly AmcFilter[];
  limit?: number;
}

/** The front half of the data source: it fills in variables and asks for names; numbers come through the Go backend. */
export class AmcDatasource extends DataSourceWithBackend<AmcQuery, AmcSettings> {
  private loaded: { at: number; catalogue: Promise<Catalogue> } | undefined;
  private readonly templates: TemplateSrv;

  constructor(settings: DataSourceInstanceSettings<AmcSettings>, templates: TemplateSrv = getTemplateSrv()) {
    super(settings);
    this.templates = templates;
    this.annotations = annotationSupport;
    // Grafana's type wants an editor for any data source; it only ever gets this one.
    this.variables = new AmcVariableSupport(this) as unknown as NonNullable<typeof this.variables>;
  }

  override getDefaultQuery(app?: CoreApp): Partial<AmcQuery> {
    return defaultQuery(app);
  }

  override filterQuery(query: AmcQuery): boolean {
    return isComplete(query);
  }

  /** Asks the backend. A range means days of the zone it was chosen in, and the backend gets two instants: each query tells its zone. */
  override query(request: DataQueryRequest<AmcQuery>): Observable<DataQueryResponse> {
    return super
      .query({ ...request, scopedVars: withZone(request.scopedVars, request.timezone) })
      .pipe(map((answer) => ({ ...answer, data: answer.data.map((frame: DataFrame) => withDays(frame, request.timezone)) })));
  }

  override applyTemplateVariables(query: AmcQuery, scopedVars: ScopedVars, filters?: AdHocVariableFilter[]): AmcQuery {
    const timeZone = zoneOf(scopedVars, this.templates);
    return { ...interpolate(migrateQuery(query), this.templates, scopedVars, filters), ...(timeZone !== undefined && { timeZone }) };
  }

  /** Datasets, metrics, dimensions and instances that the token may see; shared by every editor on the page. */
  catalogue(): Promise<Catalogue> {
    if (!this.loaded || Date.now() - this.loaded.at > CATALOGUE_MS) {
      const catalogue = this.getResource<Catalogue>('v1/catalogue', undefined, { showErrorAlert: false });
      this.loaded = { at: Date.now(), catalogue };
      // A failure must not be remembered, or Try again could never work.
      catalogue.catch(() => (this.loaded = undefined));
    }
    return this.loaded.catalogue;
  }

  /**
   * Values that a dimension had in the collected weeks, by name; at most 200 of those that fit, since a list is read by eye. The answer
   * says when there are more (`truncated`).
   */
  async dimensionValues(dimension: string, asked: ValuesAsked = {}): Promise<DimensionValues> {
    const filters = (asked.filters ?? [])
      .filter((filter) => filter.dimension !== dimension && filter.values.length > 0)
      .map(({ fixed: _, ...filter }) => filter);
    return this.getResource<DimensionValues>(
      `v1/dimensions/${encodeURIComponent(dimension)}/values`,
      {
        limit: asked.limit ?? LISTED_VALUES,
        ...(asked.dataset && { dataset: asked.dataset }),
        ...(asked.search && { search: asked.search }),
        ...(filters.length > 0 && { filters: JSON.stringify(filters) }),
      },
      { showErrorAlert: false },
    );
  }

  /** Dimensions for ad hoc filters: those that every query of the dashboard knows, since such a filter is added to all of them. */
  override async getTagKeys(options?: DataSourceGetTagKeysOptions<AmcQuery>): Promise<MetricFindValue[]> {
    const catalogue = await this.catalogue();
    const asked = (options?.queries ?? []).flatMap((query) => datasetOf(catalogue, query) ?? []);
    const datasets = asked.length > 0 ? asked : catalogue.datasets;
    const shared = datasets.map((dataset) => new Set(dimensionsOf(dataset).map(({ name }) => name)));
    const titles = new Map(datasets.flatMap(dimensionsOf).map(({ name, title }) => [name, title]));
    const everywhere = asked.length > 0 ? [...titles].filter(([name]) => shared.every((names) => names.has(name))) : [...titles];
    return everywhere.map(([name, title]) => ({ text: title, value: name }));
  }

  /** Values for an ad hoc filter, narrowed by the other filters of the dashboard. */
  override async getTagValues({ key, filters = [] }: DataSourceGetTagValuesOptions<AmcQuery>): Promise<MetricFindValue[]> {
    const others = filters.filter((filter) => filter.key !== key && filter.value !== '').map(toFilter);
    const { values } = await this.dimensionValues(key, { filters: others });
    return values.map(({ value, label }) => ({ text: label, value }));
  }

  /** The dashboard's variables as they are written in a query. Ad hoc filters are none: they are added to every query anyway. */
  variableNames(): string[] {
    return this.templates
      .getVariables()
      .filter(({ type }) => type !== 'adhoc')
      .map(({ name }) => `$${name}`);
  }

  /** A query with its variables filled in, for requests that are not metric queries. */
  fill(query: AmcQuery, scopedVars: ScopedVars = {}): AmcQuery {
    return interpolate(query, this.templates, scopedVars);
  }
}
