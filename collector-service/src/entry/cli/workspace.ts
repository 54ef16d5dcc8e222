import { Command, InvalidArgumentError, Option } from 'commander';
import type { GrafanaIdentitySettings } from '../../engine/access/caller.ts';
import {
  configureWorkspace,
  deleteWorkspace,
  findOrCreateWorkspace,
  listWorkspaces,
  workspaceByName,
} from '../../engine/access/workspaces.ts';
import { saveGrafanaAccess } from '../../data/connect/grafana-token.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Foundation } from '../../foundation.ts';
import { COMMAND_LINE, recorded } from './recorded.ts';
import { runOnDatabase } from './run.ts';
import { calendarCommand } from './workspace-calendar.ts';
import { textTable } from './table.ts';
import { writeAudit } from '../../ground/audit.ts';

export const workspaceCommand = (): Command =>
  new Command('workspace')
    .description('Tenants: each with its own tokens, connections, instances and people')
    .addCommand(create())
    .addCommand(list())
    .addCommand(update())
    .addCommand(calendarCommand())
    .addCommand(remove());

interface GrafanaOptions {
  grafanaIssuer?: string;
  grafanaKeysUrl?: string;
  grafanaOrgs?: number[];
  grafanaTeams?: boolean;
}

const grafanaOptions = (command: Command) =>
  command
    .addOption(
      new Option('--grafana-issuer <url>', "Grafana's root_url, as its tokens name it: whom to believe about people").argParser(httpUrl),
    )
    .addOption(new Option('--grafana-keys-url <url>', 'where its signing keys are read; below the issuer when left out').argParser(httpUrl))
    .addOption(new Option('--grafana-orgs <ids>', 'organisations whose members are let in; 1 when left out').argParser(orgIds))
    .option(
      '--grafana-teams',
      'read teams with GRAFANA_SERVICE_ACCOUNT_TOKEN (and GRAFANA_URL, the keys’ server when left out) from the environment',
    );

const create = () =>
  grafanaOptions(new Command('create').description('Make a workspace').argument('<name>'))
    .addHelpText(
      'after',
      '\nThen: collector token create <name> --workspace <name>, and a file in provisioning/amc with "workspace: <name>".\nWithout --grafana-issuer nobody can be verified, and tokens alone decide.',
    )
    .action(async (name: string, options: GrafanaOptions) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        if (name.trim() !== name || name === '' || name.length > 100)
          throw new CollectorError('invalid_request', 'A workspace’s name has 1 to 100 characters, without spaces around it.');
        await foundation.store.transaction(async (tx) => {
          const { id, created } = await findOrCreateWorkspace(tx, name);
          if (!created) throw new CollectorError('conflict', `There is a workspace "${name}" already.`);
          await writeAudit(tx, {
            workspaceId: id,
            person: COMMAND_LINE,
            action: 'workspace.create',
            subject: `workspace ${name}`,
            details: { ...options },
          });
          await applyGrafana(foundation, tx, id, options);
        });
        out(`Workspace "${name}" is made. Give it a token: collector token create grafana --workspace '${name}'`);
        return 0;
      });
    });

const update = () =>
  grafanaOptions(new Command('update').description('Change whom a workspace believes, and where its teams are read').argument('<name>'))
    .option('--no-grafana', 'believe nobody: tokens alone decide')
    .addHelpText('after', '\nThe settings of the workspace that WORKSPACE names come from the environment at every start of serve.')
    .action(async (name: string, options: GrafanaOptions & { grafana: boolean }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const id = await workspaceByName(foundation.store.pool, name);
        const entry = { workspaceId: id, action: 'workspace.update', subject: `workspace ${name}`, details: { ...options } };
        await recorded(foundation, entry, async (tx) => {
          if (!options.grafana) await configureWorkspace(tx, id, null);
          await applyGrafana(foundation, tx, id, options);
        });
        out(`Workspace "${name}" is changed.`);
        return 0;
      });
    });

const list = () =>
  new Command('list')
    .description('All workspaces with what they hold')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      process.exitCode = await runOnDatabase(async ({ store }, { out }) => {
        const workspaces = await listWorkspaces(store.pool);
        if (json === true) out(JSON.stringify(workspaces, null, 2));
        else
          out(
            textTable(
              ['workspace', 'tokens', 'grants', 'instances', 'collections', 'believes'],
              workspaces.map(({ name, tokens, grants, instances, collections, grafana }) => [
                name,
                String(tokens),
                String(grants),
                String(instances),
                String(collections),
                grafana ? `${grafana.issuer} (org ${grafana.orgs.join(', ')})` : 'tokens only',
              ]),
            ),
          );
        return 0;
      });
    });

const remove = () =>
  new Command('delete')
    .description('Delete a workspace with everything in it; only its records stay')
    .argument('<name>')
    .option('--confirm <name>', 'the name once more; without it, only says what would go')
    .action(async (name: string, { confirm }: { confirm?: string }) => {
      process.exitCode = await runOnDatabase(async (foundation, { config, out }) => {
        const [info] = await listWorkspaces(foundation.store.pool, name);
        const id = await workspaceByName(foundation.store.pool, name);
        if (name === config.workspace)
          throw new CollectorError(
            'conflict',
            `"${name}" is the workspace of this configuration (WORKSPACE); it would be made again at the next start.`,
          );
        const what = `${info!.tokens} tokens, ${info!.instances} instances and ${info!.collections} collections with their data`;
        if (confirm !== name) {
          out(`This would delete workspace "${name}": ${what}. To do it, add: --confirm '${name}'`);
          return 1;
        }
        await recorded(
          foundation,
          { workspaceId: id, action: 'workspace.delete', subject: `workspace ${name}`, details: { ...info } },
          (tx) => deleteWorkspace(tx, name),
        );
        out(`Workspace "${name}" is gone: ${what}.`);
        return 0;
      });
    });

async function applyGrafana(
  { config, keyring }: Foundation,
  tx: Parameters<typeof saveGrafanaAccess>[0],
  id: string,
  options: GrafanaOptions,
): Promise<void> {
  const { grafanaIssuer: issuer, grafanaKeysUrl, grafanaOrgs: orgs = [1] } = options;
  if (issuer === undefined && (grafanaKeysUrl !== undefined || options.grafanaOrgs !== undefined))
    throw new CollectorError('invalid_request', 'Give --grafana-issuer too.');
  const keysUrl = grafanaKeysUrl ?? (issuer && new URL('/api/signing-keys/keys', issuer).href);
  const grafana: GrafanaIdentitySettings | null = issuer === undefined || keysUrl === undefined ? null : { issuer, keysUrl, orgs };
  if (grafana) await configureWorkspace(tx, id, grafana);
  if (!options.grafanaTeams) return;
  const apiUrl = config.grafanaUrl ?? keysUrl?.replace(/\/api\/signing-keys\/keys$/, '');
  const token = config.grafanaServiceAccountToken;
  if (apiUrl === undefined || token === undefined)
    throw new CollectorError(
      'invalid_request',
      '--grafana-teams needs GRAFANA_SERVICE_ACCOUNT_TOKEN, and GRAFANA_URL or --grafana-issuer.',
    );
  await saveGrafanaAccess(tx, keyring, id, { apiUrl, token });
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('must be a URL that starts with http:// or https://.');
}

function orgIds(text: string): number[] {
  if (!/^\d{1,9}(,\d{1,9})*$/.test(text)) throw new InvalidArgumentError('must be ids separated by commas, such as 1,2.');
  return text.split(',').map(Number);
}
