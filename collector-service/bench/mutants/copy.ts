import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './list.ts';

/** The collector's sources in a folder of their own, where mistakes may be made. */
export interface SourceCopy {
  /** Its collector-service. */
  directory: string;
  /** Makes the mistake. @returns what takes it back @throws a sentence when the source is not as the mutant knows it */
  mutate(mutant: Mutant): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

/** What a test of the collector may load: the workspaces speak of each other by their packages' names. */
const WORKSPACES = ['collector-service', 'sandbox', 'test-support', 'toolchain'];

export async function copySources(root: string): Promise<SourceCopy> {
  // jest compares paths, and the system's temporary folder may be a link.
  const copy = await mkdtemp(join(await realpath(tmpdir()), 'amc-reports-mutants-'));
  const directory = join(copy, 'collector-service');
  for (const name of [...WORKSPACES, 'package.json', 'tsconfig.json']) await cp(join(root, name), join(copy, name), { recursive: true });
  await linkPackages(root, copy);
  return {
    directory,
    async mutate({ name, file, search, replace, everywhere }) {
      const path = join(directory, 'src', file);
      const source = await readFile(path, 'utf8');
      const count = source.split(search).length - 1;
      if (count === 0 || (count > 1 && !everywhere))
        throw new Error(`'${name}' no longer fits ${file}: its text occurs ${count} times. Bring bench/mutants/list.ts up to date.`);
      await writeFile(
        path,
        source.replaceAll(search, () => replace),
      );
      return () => writeFile(path, source);
    },
    remove: () => rm(copy, { recursive: true, force: true }),
  };
}

/** Libraries are those of the original; our own packages are the copies, or a mistake would be made where nobody looks. */
async function linkPackages(root: string, copy: string): Promise<void> {
  const modules = join(copy, 'node_modules');
  await mkdir(join(modules, '@amc-reports'), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules')))
    if (name !== '@amc-reports') await symlink(join(root, 'node_modules', name), join(modules, name));
  for (const name of WORKSPACES) await symlink(join(copy, name), join(modules, '@amc-reports', name));
}
