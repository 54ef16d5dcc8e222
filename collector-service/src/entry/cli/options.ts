import { InvalidArgumentError, Option } from 'commander';
import { workspaceByName } from '../../engine/access/workspaces.ts';
import type { Role } from '../../contract/route.ts';
import type { Foundation } from '../../foundation.ts';

export const workspaceOption = () =>
  new Option('--workspace <name>', 'the workspace; the one of the configuration (WORKSPACE) when left out');
export const instancesOption = () =>
  new Option('--instances <ids>', 'AMC instance ids, separated by commas; all of the workspace, later ones too, when left out').argParser(
    list,
  );
export const ROLES = ['Viewer', 'Editor', 'Admin'] as const satisfies readonly Role[];

function list(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '')) throw new InvalidArgumentError('must be ids separated by commas.');
  return [...new Set(parts)];
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LONGEST_DAYS = 366;

/** '90s', '30m', '24h' or '7d' in milliseconds. */
export function durationMs(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * UNITS[unit as keyof typeof UNITS];
  if (!(ms <= LONGEST_DAYS * UNITS.d)) throw new InvalidArgumentError(`must be like 30m, 24h or 7d, ${LONGEST_DAYS}d at most.`);
  return ms;
}

/** @throws CollectorError not_found with the names there are */
export const chosenWorkspace = async ({ store, workspaceId }: Foundation, name: string | undefined): Promise<string> =>
  name === undefined ? workspaceId : workspaceByName(store.pool, name);
