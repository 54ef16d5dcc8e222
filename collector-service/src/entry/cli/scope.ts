import { Command, InvalidArgumentError, Option } from 'commander';
import { grantScope, listGrants, revokeScope, type GrantSubject } from '../../engine/access/grants.ts';
import type { Role } from '../../contract/route.ts';
import { chosenWorkspace, instancesOption, ROLES, workspaceOption } from './options.ts';
import { COMMAND_LINE, recorded } from './recorded.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';

export const scopeCommand = (): Command =>
  new Command('scope')
    .description('What persons and Grafana teams may see of a workspace')
    .addHelpText(
      'after',
      `
Without any grant, everybody whom the workspace's Grafana vouches for sees all of it. With the first one, people see what is granted to
them and to their teams together, and nothing else. A token without a person (alert rules, public dashboards) is not a person: limit it
with: collector token create --instances`,
    )
    .addCommand(grant())
    .addCommand(revoke())
    .addCommand(list());

const who = (command: Command) =>
  command
    .argument('<kind>', 'person or team', kindOf)
    .argument('<who>', 'person: login, verified e-mail, user:<id> (which nobody can take over) or * for everybody; team: its name or id')
    .addOption(workspaceOption());

const grant = () =>
  who(new Command('grant').description('Let a person or team see instances, in place of what they had'))
    .addOption(instancesOption())
    .addOption(new Option('--role <role>', 'the most they may do here; what Grafana says when left out').choices([...ROLES]))
    .addHelpText('after', '\nExample: collector scope grant team "EU media" --instances amc1a2b3c --role Viewer')
    .action(async (kind: GrantSubject['kind'], subject: string, options: { workspace?: string; instances?: string[]; role?: Role }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const workspaceId = await chosenWorkspace(foundation, options.workspace);
        const { instances, role } = options;
        const details = { instances: instances ?? null, role: role ?? null };
        await recorded(foundation, { workspaceId, action: 'scope.grant', subject: `${kind} ${subject}`, details }, (tx) =>
          grantScope(tx, workspaceId, { kind, subject, instances, role, createdBy: COMMAND_LINE }),
        );
        out(`The ${kind} "${subject}" may see ${instances?.join(', ') ?? 'the whole workspace'}${role ? `, as ${role} at most` : ''}.`);
        return 0;
      });
    });

const revoke = () =>
  who(new Command('revoke').description('Take a grant away, at once'))
    .option('--open-to-all', 'also when it is the last one, after which everybody sees everything')
    .action(async (kind: GrantSubject['kind'], subject: string, options: { workspace?: string; openToAll?: boolean }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const workspaceId = await chosenWorkspace(foundation, options.workspace);
        await recorded(foundation, { workspaceId, action: 'scope.revoke', subject: `${kind} ${subject}` }, (tx) =>
          revokeScope(tx, workspaceId, { kind, subject }, options.openToAll === true),
        );
        out(`Nothing is granted to the ${kind} "${subject}" any more.`);
        return 0;
      });
    });

const list = () =>
  new Command('list')
    .description('The grants of a workspace')
    .addOption(workspaceOption())
    .option('--json', 'as JSON')
    .action(async (options: { workspace?: string; json?: boolean }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const grants = await listGrants(foundation.store.pool, await chosenWorkspace(foundation, options.workspace));
        if (options.json === true) out(JSON.stringify(grants, null, 2));
        else if (grants.length === 0) out('Nothing is granted: everybody whom Grafana vouches for sees the whole workspace.');
        else
          out(
            textTable(
              ['kind', 'who', 'instances', 'role', 'granted'],
              grants.map(({ kind, subject, instances, role, createdAt }) => [
                kind,
                subject,
                instances?.join(', ') ?? 'all',
                role ?? 'as in Grafana',
                createdAt.slice(0, 16),
              ]),
            ),
          );
        return 0;
      });
    });

function kindOf(text: string): GrantSubject['kind'] {
  if (text === 'person' || text === 'team') return text;
  throw new InvalidArgumentError('must be person or team.');
}
