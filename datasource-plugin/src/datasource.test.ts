import { CoreApp, dateTime, type DataQueryRequest } from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { sentenceOf } from './failure';
import type { AmcQuery } from './query';
import { CATALOGUE } from './testing/catalogue';
import { datasourceWith, problem } from './testing/datasource';

describe('running queries', () => {
  it('runs no query that is hidden or has no metric yet', () => {
    const { datasource } = datasourceWith();
    expect(datasource.filterQuery({ refId: 'A', metrics: [] })).toBe(false);
    expect(datasource.filterQuery({ refId: 'A' })).toBe(false);
    expect(datasource.filterQuery({ refId: 'A', metrics: ['spend'], hide: true })).toBe(false);
    expect(datasource.filterQuery({ refId: 'A', metrics: ['spend'] })).toBe(true);
    expect(datasource.filterQuery({ refId: 'A', queryType: 'freshness' })).toBe(true);
  });

  it('starts an alert rule with one number per series, and a panel with a series', () => {
    const { datasource } = datasourceWith();
    expect(datasource.getDefaultQuery(CoreApp.UnifiedAlerting)).toMatchObject({
      latest: true,
      format: 'numeric',
      rest: 'hide',
      version: 2,
    });
    expect(datasource.getDefaultQuery(CoreApp.Dashboard)).toMatchObject({ format: 'timeseries', metrics: ['spend'] });
  });

  it('migrates and fills in a query on its way out', () => {
    const { datasource } = datasourceWith(undefined, { metric: { value: ['spend', 'clicks'] } });
    expect(datasource.applyTemplateVariables({ refId: 'A', metrics: ['$metric'] }, {})).toMatchObject({
      version: 2,
      metrics: ['spend', 'clicks'],
      interpolated: true,
    });
  });
});

describe('the zone of a range', () => {
  const sent = async (timezone: string, target: Partial<AmcQuery> = {}) => {
    const { datasource, asked } = datasourceWith(() => ({ results: {} }));
    const at = dateTime(0);
    const request = {
      targets: [{ refId: 'A', metrics: ['spend'], ...target }],
      scopedVars: {},
      timezone,
      range: { from: at, to: at, raw: { from: at, to: at } },
    } as unknown as DataQueryRequest<AmcQuery>;
    await lastValueFrom(datasource.query(request));
    return (asked[0]?.data as { queries: AmcQuery[] }).queries[0]?.timeZone;
  };

  it('goes with every query', async () => {
    expect(await sent('America/Los_Angeles')).toBe('America/Los_Angeles');
    expect(await sent('utc')).toBe('UTC');
  });

  it('is that of the request, whatever zone the query was once sent in', async () => {
    expect(await sent('Europe/Berlin', { timeZone: 'Asia/Tokyo' })).toBe('Europe/Berlin');
  });

  it("is the dashboard's where Grafana asks for the query on its own, for a panel with an expression", () => {
    const alone = (zone: string) => {
      const { datasource } = datasourceWith(undefined, { __timezone: { value: zone } });
      return datasource.interpolateVariablesInQueries([{ refId: 'A', metrics: ['spend'], timeZone: 'Asia/Tokyo' }], {})[0];
    };
    expect(alone('America/Los_Angeles')).toMatchObject({ timeZone: 'America/Los_Angeles', interpolated: true });
    expect(alone('utc')).toMatchObject({ timeZone: 'UTC' });
  });

  it('is left out where nobody knows one', () => {
    const { datasource } = datasourceWith();
    expect(datasource.applyTemplateVariables({ refId: 'A', timeZone: 'Asia/Tokyo' }, {})).not.toHaveProperty('timeZone');
  });
});

describe('the catalogue', () => {
  it('is asked once for all editors of a page', async () => {
    const { datasource, asked } = datasourceWith();
    await Promise.all([datasource.catalogue(), datasource.catalogue()]);
    expect(asked.map(({ url }) => url)).toEqual(['/api/datasources/uid/amc/resources/v1/catalogue']);
  });

  it('is asked again after a failure', async () => {
    let down = true;
    const { datasource } = datasourceWith(() => {
      if (down) {
        throw problem(502, 'Nothing answers at collector:8085.');
      }
      return CATALOGUE;
    });
    await expect(datasource.catalogue()).rejects.toMatchObject({ status: 502 });
    down = false;
    await expect(datasource.catalogue()).resolves.toBe(CATALOGUE);
  });
});

describe('ad hoc filters', () => {
  it('offers the dimensions that every query of the dashboard has', async () => {
    const { datasource } = datasourceWith();
    const queries = [
      { refId: 'A', dataset: 'campaign_performance', metrics: ['spend'] },
      { refId: 'B', metrics: ['reach'] },
    ];
    const keys = await datasource.getTagKeys({ filters: [], queries });
    expect(keys.map(({ value }) => value)).toEqual(['advertiser', 'instance', 'currency']);
  });

  it('offers every dimension when no query is known', async () => {
    const { datasource } = datasourceWith();
    const keys = await datasource.getTagKeys();
    expect(keys.map(({ text }) => text)).toEqual(['Advertiser', 'Ad product', 'Campaign', 'Instance', 'Currency', 'Ads seen']);
  });

  it('are data, even where a value reads like a variable', () => {
    const { datasource } = datasourceWith();
    const adhoc = [{ key: 'campaign', operator: '=', value: '[[Q4]]' }];
    expect(datasource.applyTemplateVariables({ refId: 'A' }, {}, adhoc).filters).toEqual([
      { dimension: 'campaign', operator: '=', values: ['[[Q4]]'], fixed: ['[[Q4]]'] },
    ]);
  });

  it('narrows values by the other filters, never by the dimension itself', async () => {
    const { datasource, asked } = datasourceWith(() => ({
      values: [{ value: 'sponsored_products', label: 'Sponsored Products' }],
      truncated: false,
    }));
    const values = await datasource.getTagValues({
      key: 'ad_product',
      filters: [
        { key: 'ad_product', operator: '=', value: 'amazon_dsp' },
        { key: 'advertiser', operator: '=', value: 'A$AP' },
      ],
    });
    expect(values).toEqual([{ text: 'Sponsored Products', value: 'sponsored_products' }]);
    expect(asked[0]).toMatchObject({
      url: '/api/datasources/uid/amc/resources/v1/dimensions/ad_product/values',
      params: { limit: 200, filters: JSON.stringify([{ dimension: 'advertiser', operator: '=', values: ['A$AP'] }]) },
    });
  });
});

describe('sentences of errors', () => {
  it('uses the words of the collector, else the status, else the error', () => {
    expect(sentenceOf(problem(401, 'The token is not known.'))).toBe('The token is not known.');
    const withRemedy = { status: 403, data: { detail: 'You may not.', remedy: 'Ask somebody.' }, config: {} };
    expect(sentenceOf(withRemedy)).toBe('You may not. Ask somebody.');
    expect(sentenceOf({ status: 502, data: undefined, config: {} })).toContain('502');
    expect(sentenceOf(new Error('no network'))).toBe('no network');
    expect(sentenceOf('?')).toBe('Something went wrong. Try again.');
  });
});
