import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { selectors } from '../selectors';
import { CATALOGUE } from '../testing/catalogue';
import { datasourceWith, problem } from '../testing/datasource';
import { VariableEditor } from './VariableEditor';
import type { AmcVariableQuery } from './variable-query';

function open(saved: AmcVariableQuery, answer?: Parameters<typeof datasourceWith>[0]) {
  const { datasource } = datasourceWith(answer);
  const seen: AmcVariableQuery[] = [];
  function Settings() {
    const [query, setQuery] = useState(saved);
    const onChange = (changed: AmcVariableQuery) => {
      seen.push(changed);
      setQuery(changed);
    };
    return <VariableEditor datasource={datasource} query={query} onChange={onChange} onRunQuery={() => undefined} />;
  }
  render(<Settings />);
  return { last: () => seen.at(-1), user: userEvent.setup() };
}

const VALUES: AmcVariableQuery = { refId: 'V', version: 2, kind: 'values' };

it('chooses a list and what belongs to it', async () => {
  const { user, last } = open(VALUES);
  await user.click(await screen.findByTestId(selectors.variable.dimension));
  await user.click(await screen.findByRole('option', { name: /Ads seen/ }));
  expect(last()).toMatchObject({ kind: 'values', dimension: 'frequency_bucket' });
  await user.click(screen.getByTestId(selectors.variable.kind));
  await user.click(await screen.findByRole('option', { name: 'Currencies' }));
  expect(last()?.kind).toBe('currencies');
  expect(screen.queryByTestId(selectors.variable.dimension)).not.toBeInTheDocument();
});

it('offers each dimension once when several datasets have it', async () => {
  const { user } = open(VALUES);
  await user.click(await screen.findByTestId(selectors.variable.dimension));
  expect(await screen.findAllByRole('option', { name: /Advertiser/ })).toHaveLength(1);
});

const CUT: Parameters<typeof datasourceWith>[0] = ({ url, params }) =>
  url.includes('/dimensions/') ? { values: [], truncated: url.includes('/campaign/') && params?.limit === 1000 } : CATALOGUE;

it('says that a list is cut, and no longer when another is chosen', async () => {
  const { user } = open({ ...VALUES, dimension: 'campaign' }, CUT);
  expect(await screen.findByTestId(selectors.variable.cut)).toHaveTextContent('more than 1,000 values');
  await user.click(screen.getByTestId(selectors.variable.dimension));
  await user.click(await screen.findByRole('option', { name: /Ads seen/ }));
  await waitFor(() => expect(screen.queryByTestId(selectors.variable.cut)).not.toBeInTheDocument());
});

it('has the others of a cut list looked up while somebody types, for values only', async () => {
  const { user, last } = open({ ...VALUES, dimension: 'campaign' }, CUT);
  await user.click(await screen.findByRole('button', { name: 'Look up while typing' }));
  expect(last()).toEqual({ ...VALUES, dimension: 'campaign', search: '$__searchFilter' });
  expect(await screen.findByTestId(selectors.variable.cut)).toHaveTextContent('finds the others');
  await user.click(screen.getByTestId(selectors.variable.kind));
  await user.click(await screen.findByRole('option', { name: 'Metrics' }));
  expect(last()).not.toHaveProperty('search');
});

it('shows why the collector cannot be asked', async () => {
  open(VALUES, () => {
    throw problem(502, 'Nothing answers at collector:8085. Start the collector.');
  });
  expect(await screen.findByTestId(selectors.query.failed)).toHaveTextContent('Start the collector');
});
