import type { DataSourceSettings } from '@grafana/data';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { selectors } from '../selectors';
import type { AmcSecrets, AmcSettings } from '../settings';
import { ConfigEditor } from './ConfigEditor';

type Saved = DataSourceSettings<AmcSettings, AmcSecrets>;

function open(part: Partial<Saved> = {}) {
  const seen: Saved[] = [];
  function Page() {
    const [options, setOptions] = useState({ jsonData: {}, secureJsonFields: {}, readOnly: false, ...part } as Saved);
    const onOptionsChange = (changed: Saved) => {
      seen.push(changed);
      setOptions(changed);
    };
    return <ConfigEditor options={options} onOptionsChange={onOptionsChange} />;
  }
  render(<Page />);
  return { last: () => seen.at(-1), user: userEvent.setup() };
}

it('keeps the URL in the open and the token among the secrets', async () => {
  const { user, last } = open();
  await user.type(screen.getByTestId(selectors.config.url), 'http://collector:8085');
  await user.type(screen.getByTestId(selectors.config.token), 'secret');
  expect(last()?.jsonData).toEqual({ url: 'http://collector:8085' });
  expect(last()?.secureJsonData).toEqual({ token: 'secret' });
  expect(JSON.stringify(last()?.jsonData)).not.toContain('secret');
});

it('never shows a saved token, and lets it be replaced', async () => {
  const { user, last } = open({ secureJsonFields: { token: true } });
  expect(screen.getByTestId(selectors.config.token)).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Reset' }));
  expect(last()?.secureJsonFields).toEqual({ token: false });
  expect(screen.getByTestId(selectors.config.token)).toBeEnabled();
});

it.each([
  ['collector:8085', 'Write it like'],
  ['ftp://collector', 'Write it like'],
  ['http://me:secret@collector', 'Leave out user and password'],
  ['http://collector/?a=1', 'Leave out what begins with'],
])('says what is wrong with %s', (url, sentence) => {
  open({ jsonData: { url } });
  expect(screen.getByText(new RegExp(sentence))).toBeVisible();
});

it('keeps the timeout as a number, and empty means the default', async () => {
  const { user, last } = open();
  const timeout = screen.getByTestId(selectors.config.timeout);
  await user.type(timeout, '400');
  expect(last()?.jsonData.timeout).toBe(400);
  expect(screen.getByText('Choose between 1 and 300 seconds.')).toBeVisible();
  await user.clear(timeout);
  expect(last()?.jsonData.timeout).toBeUndefined();
});

it('is read only when the data source is provisioned', () => {
  open({ readOnly: true });
  expect(screen.getByTestId(selectors.config.url)).toBeDisabled();
  expect(screen.getByTestId(selectors.config.token)).toBeDisabled();
});

it('asks for certificates only where they are wanted, and keeps them among the secrets', async () => {
  const { user, last } = open();
  expect(screen.queryByPlaceholderText(/BEGIN CERTIFICATE/)).not.toBeInTheDocument();
  await user.click(screen.getByTestId(selectors.config.tls('tlsAuthWithCACert')));
  expect(last()?.jsonData).toEqual({ tlsAuthWithCACert: true });
  await user.type(screen.getByPlaceholderText(/BEGIN CERTIFICATE/), 'PEM');
  expect(last()?.secureJsonData).toEqual({ tlsCACert: 'PEM' });
});

it('sends headers of its own, whose values are secrets', async () => {
  const { user, last } = open();
  await user.click(screen.getByRole('button', { name: 'Add header' }));
  await user.type(screen.getByPlaceholderText('X-Custom-Header'), 'X-Gate');
  await user.type(screen.getByPlaceholderText('Header Value'), 'open');
  await user.tab();
  expect(last()?.jsonData).toMatchObject({ httpHeaderName1: 'X-Gate' });
  expect(last()?.secureJsonData).toMatchObject({ httpHeaderValue1: 'open' });
});
