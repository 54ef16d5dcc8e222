import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { selectors } from '../selectors';
import { startGrafana, type GrafanaOptions } from '../testing/grafana';
import { answer, fail } from '../testing/server';
import { runServer } from '../testing/run-server';
import Configuration from './Configuration';

runServer();

function open(meta: object, options: GrafanaOptions = {}) {
  const toasts = startGrafana(options);
  render(<Configuration plugin={{ meta: { enabled: true, pinned: true, ...meta } } as never} />);
  return { toasts, user: userEvent.setup({ pointerEventsCheck: 0 }) };
}

it('saves the provisioned data source when none was chosen yet', async () => {
  const sent = answer('post /api/plugins/amcreports-reports-app/settings', {});
  const { user, toasts } = open({ jsonData: null });
  await user.click(screen.getByTestId(selectors.configuration.save));
  await waitFor(() => expect(toasts).toEqual(['The configuration is saved']));
  expect(sent.map(({ body }) => body)).toEqual([{ enabled: true, pinned: true, jsonData: { datasourceUid: 'amc-reports' } }]);
});

it('offers the data sources of its kind to choose from', async () => {
  const sent = answer('post /api/plugins/amcreports-reports-app/settings', {});
  const { user } = open({ jsonData: { datasourceUid: 'eu' } }, { datasources: ['eu', 'na'] });
  await user.click(screen.getByRole('combobox', { name: 'Select a data source' }));
  await user.click(await screen.findByText('na'));
  await user.click(screen.getByTestId(selectors.configuration.save));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).toMatchObject({ jsonData: { datasourceUid: 'na' } });
});

it('says that a chosen data source is gone', () => {
  open({ jsonData: { datasourceUid: 'deleted' } });
  expect(screen.getByText('The chosen data source does not exist any more')).toBeInTheDocument();
});

it('shows why saving failed', async () => {
  fail('post /api/plugins/amcreports-reports-app/settings', 403, { message: 'Access denied' });
  const { user } = open({ jsonData: {} });
  await user.click(screen.getByTestId(selectors.configuration.save));
  expect(await screen.findByTestId(selectors.failure)).toHaveTextContent('Access denied');
});

it('lets only an Admin save', () => {
  open({ jsonData: {} }, { role: 'Editor' });
  expect(screen.getByTestId(selectors.configuration.save)).toBeDisabled();
});
