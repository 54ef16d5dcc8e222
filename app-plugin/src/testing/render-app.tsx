import { locationService } from '@grafana/runtime';
import { configure, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLayoutEffect, useState, type PropsWithChildren } from 'react';
import { Route, Router, Routes } from 'react-router-dom';
import App from '../App';
import type { AppSettings } from '../settings';
import { startGrafana, type GrafanaOptions } from './grafana';

// Pages are loaded when they are opened, and the first one compiles them. Whether an element is hidden from assistive technology is
// asked for every element of a page, from every style sheet: minutes in a simulated browser.
configure({ asyncUtilTimeout: 8_000, defaultHidden: true });

/** Grafana's history under the app's router, as Grafana's own adapter joins them. */
function GrafanaRouter({ children }: PropsWithChildren) {
  const history = locationService.getHistory();
  const [location, setLocation] = useState(history.location);
  useLayoutEffect(() => history.listen((next: typeof location) => setLocation(next)), [history]);
  return (
    <Router location={location} navigator={history as never}>
      {children}
    </Router>
  );
}

interface RenderOptions extends GrafanaOptions {
  settings?: AppSettings;
}

/** Opens a page of the app ("/collections/1") in a Grafana for tests. */
export function renderApp(path: string, { settings = {}, ...grafana }: RenderOptions = {}) {
  const toasts = startGrafana(grafana);
  locationService.push(`/a/amcreports-reports-app${path}`);
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  const view = render(
    <GrafanaRouter>
      <Routes>
        <Route path="/a/amcreports-reports-app/*" element={<App meta={{ jsonData: settings } as never} />} />
      </Routes>
    </GrafanaRouter>,
  );
  return { ...view, user, toasts };
}
