// npm start: installs what is needed, builds the plugins when a Grafana is at hand, then hands over to the collector's CLI.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { buildPlugins } from './build-plugins.mjs';
import { refuseTakenPorts } from './free-ports.mjs';
import { grafanaAtHand } from './grafana-at-hand.mjs';
import { ensureInstalled, isInstalled, node, nodeEnv, nodeFlags, root } from './install.mjs';

const args = process.argv.slice(2);
const asksForHelp = args.includes('--help') || args.includes('-h');
const withGrafana = !asksForHelp && grafanaAtHand();

const scope = withGrafana ? 'all' : 'main';

if (!asksForHelp && !isInstalled(scope)) await refuseTakenPorts(process.env, withGrafana);
ensureInstalled(scope);
if (withGrafana) buildPlugins();

const child = spawn(node, [...nodeFlags, join(root, 'collector-service/src/entry/cli/collector.ts'), 'start', ...args], {
  cwd: root,
  stdio: 'inherit',
  env: nodeEnv,
});
// The terminal sends Ctrl-C to the whole group; the child stops in order and we leave with its code.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
