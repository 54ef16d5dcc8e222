import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { selectors } from '../selectors';
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

it('shows why the collector cannot be asked', async () => {
  open(VALUES, () => {
    throw problem(502, 'Nothing answers at collector:8080. Start the collector.');
  });
  expect(await screen.findByTestId(selectors.query.failed)).toHaveTextContent('Start the collector');
});
