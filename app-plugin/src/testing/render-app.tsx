import { locationService } from '@grafana/runtime';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes, unstable_HistoryRouter as HistoryRouter } from 'react-router-dom';
import App from '../App';
import type { AppSettings } from '../settings';
import { startGrafana, type GrafanaOptions } from './grafana';

interface RenderOptions extends GrafanaOptions {
  settings?: AppSettings;
}

/** Opens a page of the app ("/collections/1") in a Grafana for tests. */
export function renderApp(path: string, { settings = {}, ...grafana }: RenderOptions = {}) {
  const toasts = startGrafana(grafana);
  locationService.push(`/a/amcreports-reports-app${path}`);
  const user = userEvent.setup();
  const view = render(
    <HistoryRouter history={locationService.getHistory() as never}>
      <Routes>
        <Route path="/a/amcreports-reports-app/*" element={<App meta={{ jsonData: settings } as never} />} />
      </Routes>
    </HistoryRouter>,
  );
  return { ...view, user, toasts };
}
