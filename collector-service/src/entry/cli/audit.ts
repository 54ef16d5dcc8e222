import { Command, Option } from 'commander';
import { readAuditLog } from '../../engine/access/audit-log.ts';
import { auditQuerySchema } from '../../contract/audit.ts';
import { invalidOptions } from './invalid-options.ts';
import { chosenWorkspace, workspaceOption } from './options.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';

export const auditCommand = (): Command =>
  new Command('audit')
    .description('Who changed what and when, newest first')
    .addOption(workspaceOption())
    .addOption(new Option('--limit <n>', 'entries').default('50'))
    .option('--before <id>', 'only older ones: the id that the page before ended with')
    .option('--person <name>', 'only what this person did')
    .option('--action <action>', 'only this, such as collection.pause, or collection for all of them')
    .option('--json', 'as JSON')
    .action(async ({ workspace, json, ...options }: { workspace?: string; json?: boolean } & Record<string, string>) => {
      process.exitCode = await runOnDatabase(async (foundation, { out }) => {
        const query = auditQuerySchema.safeParse(options);
        if (!query.success) throw invalidOptions(query.error);
        const page = await readAuditLog(foundation.store.pool, await chosenWorkspace(foundation, workspace), query.data);
        if (json === true) out(JSON.stringify(page, null, 2));
        else {
          const rows = page.entries.map(({ at, person, action, subject, details }) => [
            at.slice(0, 19),
            person,
            action,
            subject,
            Object.keys(details).length === 0 ? '' : JSON.stringify(details),
          ]);
          out(rows.length === 0 ? 'Nothing is on record.' : textTable(['when (UTC)', 'who', 'what', 'whose', ''], rows));
          if (page.next !== null) out(`\nOlder ones: --before ${page.next}`);
        }
        return 0;
      });
    });
