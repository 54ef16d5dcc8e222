import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** Packages of some 100 MB may come over a slow line. */
const INSTALL_MS = 10 * 60_000;

export interface Python {
  /** The program that has the packages. */
  path: string;
  version: string;
}

/** A Python of the benchmark's own with the pinned packages, or why there is none. */
export async function preparePython(directory: string): Promise<Python | { missing: string }> {
  let version: string;
  try {
    version = (await run('python3', ['--version'])).stdout.trim();
  } catch {
    return { missing: 'no python3 on this machine' };
  }
  const home = join(directory, 'python');
  const path = join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  try {
    await run('python3', ['-m', 'venv', home]);
    await run(path, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS], {
      timeout: INSTALL_MS,
    });
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? '')
      .trim()
      .split('\n')
      .at(-1);
    return { missing: `its packages could not be installed${said ? ` (${said.slice(0, 120)})` : ''}` };
  }
  return { path, version };
}
