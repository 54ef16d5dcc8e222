import { CollectorError } from '../../contract/error.ts';

/** A workspace's Grafana and how to ask it. */
export interface TeamSource {
  readonly workspaceId: string;
  /** Grafana's root URL as this process reaches it. */
  readonly apiUrl: string;
  /** The service account's token. Opened only when Grafana is asked. */
  readonly token: () => Promise<string>;
}

/** Whether a person (by Grafana's ids of it) belongs to a team (by id or name). @throws CollectorError identity_unavailable */
export type TeamMembership = (source: TeamSource, team: string, userIds: readonly string[]) => Promise<boolean>;

/** How long an answer of Grafana's is believed, and how long it may take. */
const KEEP_MS = 60_000;
const DEADLINE_MS = 3_000;
/** Grafana's answers for teams of thousands stay far below. */
const MAX_TEAMS = 1_000;

interface Member {
  userId?: unknown;
  userUID?: unknown;
}

/**
 * Teams by Grafana's API, since its id tokens carry none (observed on 12.3.0: sub, role, login and e-mail, no teams). The members of
 * a team are asked for, not the teams of a user: the latter needs rights over the whole server, the former a service account of the
 * organisation with the role Admin. Answers are kept for a minute per team.
 *
 * Fails closed: when Grafana cannot be asked and nothing younger than a minute is known, the caller gets 503 and sees nothing, and a
 * team that Grafana does not know has no members.
 * @param now milliseconds, monotonic
 */
export function createTeamMembership(now: () => number = () => performance.now()): TeamMembership {
  const kept = new Map<string, { readonly at: number; readonly members: Promise<ReadonlySet<string>> }>();

  const membersOf = (source: TeamSource, team: string): Promise<ReadonlySet<string>> => {
    const key = JSON.stringify([source.workspaceId, source.apiUrl, team]);
    const known = kept.get(key);
    if (known && now() - known.at < KEEP_MS) return known.members;
    for (const [old, { at }] of kept) if (now() - at >= KEEP_MS) kept.delete(old);
    const members = readMembers(source, team);
    kept.set(key, { at: now(), members });
    // A failure is not kept: the next request asks again.
    members.catch(() => kept.delete(key));
    return members;
  };

  return async (source, team, userIds) => {
    if (userIds.length === 0) return false;
    const members = await membersOf(source, team);
    return userIds.some((id) => members.has(id));
  };
}

async function readMembers(source: TeamSource, team: string): Promise<ReadonlySet<string>> {
  const id = /^\d+$/.test(team) ? team : await teamId(source, team);
  if (id === undefined) return new Set();
  const members = (await ask(source, `/api/teams/${id}/members`)) as Member[] | null;
  if (members === null) return new Set();
  if (!Array.isArray(members)) throw unavailable(source, 'answered something that is no list of members');
  return new Set(members.flatMap(({ userId, userUID }) => [userId, userUID].filter((each) => each !== undefined).map(String)));
}

/** Names are unique within an organisation. */
async function teamId(source: TeamSource, name: string): Promise<string | undefined> {
  const found = (await ask(source, `/api/teams/search?perpage=${MAX_TEAMS}&name=${encodeURIComponent(name)}`)) as {
    teams?: { id?: unknown; name?: unknown }[];
  } | null;
  const team = found?.teams?.find((each) => each.name === name);
  return team?.id === undefined ? undefined : String(team.id);
}

/** null: Grafana knows no such team. @throws CollectorError identity_unavailable */
async function ask(source: TeamSource, path: string): Promise<unknown> {
  const token = await source.token();
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${source.apiUrl.replace(/\/+$/, '')}${path}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      signal: AbortSignal.timeout(DEADLINE_MS),
      redirect: 'error',
    });
    if (response.status === 404) return null;
    body = await response.json();
  } catch (error) {
    throw unavailable(source, 'does not answer', error);
  }
  if (response.status === 401 || response.status === 403)
    throw unavailable(source, `refuses the service account's token (${response.status}); it needs the role Admin in the organisation`);
  if (!response.ok) throw unavailable(source, `answered ${response.status}`);
  return body;
}

const unavailable = (source: TeamSource, what: string, cause?: unknown) =>
  new CollectorError(
    'identity_unavailable',
    `Grafana's teams decide what you may see, and Grafana at ${source.apiUrl} ${what}. Check GRAFANA_URL and GRAFANA_SERVICE_ACCOUNT_TOKEN of the workspace.`,
    { cause },
  );
