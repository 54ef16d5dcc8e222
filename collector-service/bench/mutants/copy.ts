import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
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

export async function copySources(root: string): Promise<SourceCopy> {
  // jest compares paths, and the system's temporary folder may be a link.
  const copy = await mkdtemp(join(await realpath(tmpdir()), 'amc-reports-mutants-'));
  const directory = join(copy, 'collector-service');
  for (const name of ['src', 'bench', 'package.json', 'tsconfig.json', 'jest.config.cjs'])
    await cp(join(root, 'collector-service', name), join(directory, name), { recursive: true });
  for (const name of ['package.json', 'tsconfig.json']) await cp(join(root, name), join(copy, name));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
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
