import type { ReportingCalendar } from '../../ground/calendar/reporting-calendar.ts';
import type { Role } from '../../contract/route.ts';

/** An AMC instance that a caller may see. */
export interface CallerInstance {
  /** Our own id, as facts and roll-ups are keyed. */
  readonly id: string;
  readonly amcInstanceId: string;
  readonly name: string;
  /** null for imported data alone; the connection's name is empty then. */
  readonly connectionId: string | null;
  readonly connection: string;
  readonly marketplaceId: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly advertiserTypes: readonly string[];
  readonly currencies: readonly string[];
}

/** Whom a workspace believes about people. */
export interface GrafanaIdentitySettings {
  /** Grafana's root URL, as it stands in the `iss` of its tokens; a final slash does not matter. */
  readonly issuer: string;
  /** Where its keys are read; apart from the issuer, because inside a compose network the two differ. */
  readonly keysUrl: string;
  /** Ids of the organisations whose members are let in. */
  readonly orgs: readonly number[];
}

/** The person a Grafana token speaks of. */
export interface VerifiedPerson {
  /** Login, else e-mail, else the subject; null for an anonymous visitor. */
  readonly person: string | null;
  readonly role: Role;
  /** `user:12`, `service-account:3`, `anonymous:0`: the only name that nobody can give himself. */
  readonly subject: string;
  /** What grants may call the person: the subject, the login, and the e-mail if Grafana has verified it. Empty for an anonymous visitor. */
  readonly names: readonly string[];
  /** Grafana's ids of the person, numeric and uid, as its members of teams are told by. */
  readonly userIds: readonly string[];
}

/** Who asks, decided by the bearer token (workspace, scope) and a verified X-Grafana-Id (person, role). */
export interface Caller {
  readonly workspaceId: string;
  readonly workspace: string;
  readonly tokenId: string;
  readonly tokenName: string;
  readonly role: Role;
  /** Login, e-mail or subject of the verified person; null when only the token speaks. */
  readonly person: string | null;
  /** For records and rate limits: the person, else `token:<name>`. */
  readonly actor: string;
  /** The weeks and months of the workspace. */
  readonly calendar: ReportingCalendar;
  /** Everything the caller may see; never more. */
  readonly instances: readonly CallerInstance[];
  /** Neither the token nor a grant keeps anything of the workspace from the caller, later instances included. */
  readonly wholeWorkspace: boolean;
  /** The verified person behind it, for looking up again what a caller who stays connected may see. */
  readonly verified: VerifiedPerson | null;
  /** null: the workspace has no Grafana configured, so nobody can be verified. */
  readonly grafana: GrafanaIdentitySettings | null;
}

const RANK: Record<Role, number> = { Viewer: 0, Editor: 1, Admin: 2 };

/** A role includes those below it. */
export const includesRole = (role: Role, needed: Role): boolean => RANK[role] >= RANK[needed];

/** What limits are counted by: the person, or the token when nobody was verified. */
export const callerKey = ({ tokenId, person }: Caller): string => `${tokenId} ${person ?? ''}`;
