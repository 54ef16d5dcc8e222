import { PAGES } from './pages';
import plugin from './plugin.json';

it('what stands in Grafana’s menu leads to pages that there are', () => {
  const menu = plugin.includes.flatMap(({ path }) => /^\/a\/%PLUGIN_ID%(?:\/(.*))?$/.exec(path ?? '')?.slice(1) ?? []);
  expect(menu.length).toBeGreaterThan(0);
  for (const path of menu) expect(Object.keys(PAGES)).toContain(path ?? '');
});
