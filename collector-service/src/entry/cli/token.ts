import { Command, Option } from 'commander';
import { createToken, listTokens, revokeToken, rotateToken } from '../../engine/access/tokens.ts';
import type { Role } from '../../contract/route.ts';
import { chosenWorkspace, durationMs, instancesOption, ROLES, workspaceOption } from './options.ts';
import { recorded } from './recorded.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';

const HOUR_MS = 3_600_000;

export const tokenCommand = (): Command =>
  new Command('token')
    .description('Make, rotate and revoke the tokens by which data sources and programs are let in')
    .addCommand(create())
    .addCommand(list())
    .addCommand(rotate())
    .addCommand(revoke());

const create = () =>
  new Command('create')
    .description('Make a token and print it: the only time that it can be seen')
    .argument('<name>', 'unique within the workspace')
    .addOption(workspaceOption())
    .addOption(new Option('--role <role>', 'what it may do when no verified person comes with it').choices([...ROLES]).default('Viewer'))
    .addOption(instancesOption())
    .addHelpText('after', '\nThe token goes to standard output, everything else to standard error.')
    .action(async (name: string, options: { workspace?: string; role: Role; instances?: string[] }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const workspaceId = await chosenWorkspace(foundation, options.workspace);
        const { role, instances } = options;
        const details = { role, instances: instances ?? null };
        const token = await recorded(foundation, { workspaceId, action: 'token.create', subject: `token ${name}`, details }, (tx) =>
          createToken(tx, workspaceId, { name, role, ...(instances !== undefined && { instances }) }),
        );
        say(`Token "${name}" (${role}${instances ? `, ${instances.join(', ')}` : ''}). It is not shown again:`);
        out(token);
        return 0;
      });
    });

const list = () =>
  new Command('list')
    .description('The tokens of a workspace, revoked ones too; nothing that could be used')
    .addOption(workspaceOption())
    .option('--json', 'as JSON')
    .action(async (options: { workspace?: string; json?: boolean }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const tokens = await listTokens(foundation.store.pool, await chosenWorkspace(foundation, options.workspace));
        if (options.json === true) out(JSON.stringify(tokens, null, 2));
        else
          out(
            textTable(
              ['token', 'role', 'instances', 'made', ''],
              tokens.map(({ name, role, instances, createdAt, revokedAt, previousUntil }) => [
                name,
                role,
                instances?.join(', ') ?? 'all',
                createdAt.slice(0, 16),
                revokedAt ? `revoked ${revokedAt.slice(0, 16)}` : previousUntil ? `the one before until ${previousUntil.slice(0, 16)}` : '',
              ]),
            ),
          );
        return 0;
      });
    });

const rotate = () =>
  new Command('rotate')
    .description('Replace a token and print the new one; the old one goes on for a while')
    .argument('<name>')
    .addOption(workspaceOption())
    .addOption(
      new Option('--overlap <time>', 'how long the old one is still accepted, such as 30m or 7d; 0s ends it at once')
        .argParser(durationMs)
        .default(24 * HOUR_MS, '24h'),
    )
    .addHelpText('after', '\nA token given by COLLECTOR_TOKEN is set again at the next start: change it there instead.')
    .action(async (name: string, options: { workspace?: string; overlap: number }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const workspaceId = await chosenWorkspace(foundation, options.workspace);
        const details = { overlapSeconds: options.overlap / 1000 };
        const token = await recorded(foundation, { workspaceId, action: 'token.rotate', subject: `token ${name}`, details }, (tx) =>
          rotateToken(tx, workspaceId, name, options.overlap),
        );
        say(
          `Token "${name}" was replaced. The new one is not shown again${options.overlap > 0 ? '; the old one is accepted for now' : ''}:`,
        );
        out(token);
        return 0;
      });
    });

const revoke = () =>
  new Command('revoke')
    .description('End a token at once, the one before its last rotation too')
    .argument('<name>')
    .addOption(workspaceOption())
    .action(async (name: string, options: { workspace?: string }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const workspaceId = await chosenWorkspace(foundation, options.workspace);
        await recorded(foundation, { workspaceId, action: 'token.revoke', subject: `token ${name}` }, (tx) =>
          revokeToken(tx, workspaceId, name),
        );
        out(`Token "${name}" is revoked.`);
        return 0;
      });
    });

const say = (text: string): void => void process.stderr.write(`${text}\n`);
