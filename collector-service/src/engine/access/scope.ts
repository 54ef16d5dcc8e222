import type { Role } from '../../contract/route.ts';
import { includesRole, type CallerInstance, type VerifiedPerson } from './caller.ts';

/** What a person or a Grafana team may see of a workspace. */
export interface ScopeGrant {
  readonly kind: 'person' | 'team';
  /** person: login, verified e-mail, `user:<id>`, or `*` for everybody who is signed in. team: id or name. */
  readonly subject: string;
  /** Our ids; null means all of the workspace. */
  readonly instanceIds: readonly string[] | null;
  /** The most the person may do here; null leaves it to Grafana. */
  readonly role: Role | null;
}

export interface Permitted {
  readonly instances: readonly CallerInstance[];
  readonly role: Role;
  /** Nothing of the workspace is kept from the person by a grant. */
  readonly everything: boolean;
}

/**
 * What a verified person may see and do. In a workspace without grants: everything the token may see, in the role Grafana gives. With
 * grants: what the grants that fit the person allow together, never more than the token may see nor than Grafana's role; a person whom
 * no grant fits sees nothing. @param inTeams the team grants whose team the person belongs to
 */
export function permitted(
  grants: readonly ScopeGrant[],
  who: VerifiedPerson,
  instances: readonly CallerInstance[],
  inTeams: ReadonlySet<ScopeGrant>,
): Permitted {
  if (grants.length === 0) return { instances, role: who.role, everything: true };
  const fitting = grants.filter((grant) => (grant.kind === 'team' ? inTeams.has(grant) : isAbout(grant, who)));
  const visible = instances.filter(({ id }) => fitting.some(({ instanceIds }) => instanceIds === null || instanceIds.includes(id)));
  return {
    instances: visible,
    role: fitting.length === 0 ? 'Viewer' : lower(who.role, strongest(fitting)),
    everything: fitting.some(({ instanceIds }) => instanceIds === null),
  };
}

/** Logins and e-mails compare without regard to case, as Grafana compares them. */
function isAbout({ subject }: ScopeGrant, { names }: VerifiedPerson): boolean {
  if (subject === '*') return names.length > 0;
  return names.some((name) => name.toLowerCase() === subject.toLowerCase());
}

const strongest = (grants: readonly ScopeGrant[]): Role =>
  grants.map(({ role }) => role ?? 'Admin').reduce((one, other) => (includesRole(one, other) ? one : other));

const lower = (one: Role, other: Role): Role => (includesRole(one, other) ? other : one);
