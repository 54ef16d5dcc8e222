import type { AmcFilter, AmcQuery } from './query';
import { interpolate } from './interpolate';
import { templates, type Variable } from './testing/datasource';

const filled = (part: Partial<AmcQuery>, variables: Record<string, Variable> = {}) =>
  interpolate({ refId: 'A', ...part }, templates(variables), {});
const filter = (operator: AmcFilter['operator'], ...values: string[]): AmcFilter => ({ dimension: 'campaign', operator, values });

describe('variables in filters', () => {
  it('turns one value into itself and several into "is one of"', () => {
    expect(filled({ filters: [filter('=', '$campaign')] }, { campaign: { value: 'a' } }).filters).toEqual([filter('=', 'a')]);
    expect(filled({ filters: [filter('=', '$campaign')] }, { campaign: { value: ['a', 'b'] } }).filters).toEqual([filter('in', 'a', 'b')]);
    expect(filled({ filters: [filter('!=', '${campaign}')] }, { campaign: { value: ['a', 'b'] } }).filters).toEqual([
      filter('not in', 'a', 'b'),
    ]);
  });

  it('means no filter when All is chosen, however many options there are and whatever the custom all value is', () => {
    for (const operator of ['=', '!=', 'in', 'not in', 'contains'] as const) {
      expect(filled({ filters: [filter(operator, '$campaign')] }, { campaign: { value: ['a', 'b', 'c'], all: true } }).filters).toEqual([]);
    }
    expect(filled({ filters: [filter('in', '$campaign')] }, { campaign: { all: true, allValue: '.*' } }).filters).toEqual([]);
    expect(filled({ filters: [filter('in', 'fixed', '$campaign')] }, { campaign: { value: ['a'], all: true } }).filters).toEqual([]);
  });

  it('keeps a value that is really called All', () => {
    expect(filled({ filters: [filter('in', '$campaign')] }, { campaign: { value: ['All'] } }).filters).toEqual([filter('in', 'All')]);
  });

  it('means no filter when nothing is chosen', () => {
    expect(filled({ filters: [filter('in', '$campaign')] }, { campaign: { value: [] } }).filters).toEqual([]);
    expect(filled({ filters: [filter('in', '$campaign')] }, { campaign: { value: '' } }).filters).toEqual([]);
    expect(filled({ filters: [filter('in')] }).filters).toEqual([]);
  });

  it('passes quotes, commas, backslashes, braces, dollar signs and emoji as they are', () => {
    const awkward = [`Bob's "best", 50% off`, 'back\\slash', '{a,b}', 'Cash$back', '🎄 Weihnachten – größer'];
    expect(filled({ filters: [filter('in', '$campaign')] }, { campaign: { value: awkward } }).filters).toEqual([
      { ...filter('in', ...awkward), fixed: ['Cash$back'] },
    ]);
  });

  it('says which values are names, whatever they read like, when a variable stood for them', () => {
    const names = ['$ave', '[[Q4]]', '${sale}', 'plain'];
    expect(filled({ filters: [filter('in', '$campaign')] }, { campaign: { value: names } }).filters).toEqual([
      { ...filter('in', ...names), fixed: ['$ave', '[[Q4]]', '${sale}'] },
    ]);
  });

  it('leaves a value that was chosen from the list as it is, even where a variable has its name', () => {
    const saved = { ...filter('in', 'Cash$back', '$ave', '$campaign'), fixed: ['Cash$back', '$ave'] };
    const variables = { back: { value: 'x' }, ave: { value: 'y' }, campaign: { value: 'a' } };
    expect(filled({ filters: [saved] }, variables).filters).toEqual([
      { ...filter('in', 'Cash$back', '$ave', 'a'), fixed: ['Cash$back', '$ave'] },
    ]);
  });

  it('fills in a variable inside a text, and counts equal values once', () => {
    expect(filled({ filters: [filter('contains', 'brand-$country')] }, { country: { value: 'DE' } }).filters).toEqual([
      filter('contains', 'brand-DE'),
    ]);
    expect(filled({ filters: [filter('in', 'a', '$campaign')] }, { campaign: { value: ['a', 'b'] } }).filters).toEqual([
      filter('in', 'a', 'b'),
    ]);
  });

  it('ignores the format written with a variable, since values are sent as a list', () => {
    expect(filled({ filters: [filter('in', '${campaign:csv}')] }, { campaign: { value: ['a', 'b'] } }).filters).toEqual([
      filter('in', 'a', 'b'),
    ]);
  });

  it('leaves a variable that does not exist, so that the backend can name it', () => {
    expect(filled({ filters: [filter('in', '$nowhere')] }).filters).toEqual([filter('in', '$nowhere')]);
  });

  it('takes a filter without operator as "is"', () => {
    const saved = { dimension: 'campaign', values: ['a'] } as unknown as AmcFilter;
    expect(filled({ filters: [saved] }).filters).toEqual([filter('=', 'a')]);
  });
});

describe('variables elsewhere', () => {
  it('fills in metrics, dimensions, dataset and order', () => {
    const query = filled(
      { dataset: '$dataset', metrics: ['$metric', 'clicks'], dimensions: ['$by'], orderBy: { by: '$metric', direction: 'asc' } },
      { dataset: { value: 'campaign_performance' }, metric: { value: ['spend', 'clicks'] }, by: { value: 'advertiser' } },
    );
    expect(query).toMatchObject({ dataset: 'campaign_performance', metrics: ['spend', 'clicks'], dimensions: ['advertiser'] });
  });

  it('asks for every instance when one of them is All', () => {
    expect(filled({ instances: ['amcde', '$instance'] }, { instance: { value: ['amcus', 'amcde'], all: true } }).instances).toEqual([]);
    expect(filled({ instances: ['$instance'] }, { instance: { value: ['amcus', 'amcde'] } }).instances).toEqual(['amcus', 'amcde']);
  });

  it('adds no field that was not there, and says that variables are filled in', () => {
    expect(filled({})).toEqual({ refId: 'A', filters: [], interpolated: true });
  });

  it('does not change the saved query', () => {
    const saved: AmcQuery = { refId: 'A', metrics: ['$metric'], filters: [filter('in', '$campaign')] };
    const before = JSON.stringify(saved);
    interpolate(saved, templates({ metric: { value: 'spend' }, campaign: { value: ['a'] } }), {});
    expect(JSON.stringify(saved)).toBe(before);
  });
});

describe('ad hoc filters', () => {
  const withAdhoc = (operator: string, value: string, values?: string[]) =>
    interpolate({ refId: 'A', filters: [] }, templates({}), {}, [{ key: 'advertiser', operator, value, ...(values && { values }) }])
      .filters;

  it('become filters, with several values as lists', () => {
    expect(withAdhoc('=', 'Acme')).toEqual([{ dimension: 'advertiser', operator: '=', values: ['Acme'] }]);
    expect(withAdhoc('!=', 'Acme')).toEqual([{ dimension: 'advertiser', operator: '!=', values: ['Acme'] }]);
    expect(withAdhoc('=|', 'Acme', ['Acme', 'Best'])).toEqual([{ dimension: 'advertiser', operator: 'in', values: ['Acme', 'Best'] }]);
    expect(withAdhoc('!=|', 'Acme', ['Acme', 'Best'])).toEqual([{ dimension: 'advertiser', operator: 'not in', values: ['Acme', 'Best'] }]);
  });

  it('read a match with plain text as "contains" and refuse regular expressions with a way out', () => {
    expect(withAdhoc('=~', 'Acme US')).toEqual([{ dimension: 'advertiser', operator: 'contains', values: ['Acme US'] }]);
    expect(() => withAdhoc('=~', 'Ac.*')).toThrow('choose =, !=, "one of"');
    expect(() => withAdhoc('>', '5')).toThrow('advertiser > 5 cannot be used');
  });

  it('count for nothing while somebody is still choosing a value', () => {
    expect(withAdhoc('=', '')).toEqual([]);
  });
});
