import { config } from '@grafana/runtime';
import type { Role } from '@amc-reports/collector-service/contract';

const RANK: Record<Role, number> = { Viewer: 0, Editor: 1, Admin: 2 };

/** The person's role in this organisation. Grafana's role None and anonymous visitors count as Viewer, as the collector counts them. */
export function currentRole(): Role {
  const { orgRole } = config.bootData.user;
  return orgRole === 'Editor' || orgRole === 'Admin' ? orgRole : 'Viewer';
}

/** Whether the person has the role or one above it. It decides what is shown; what may be done the collector decides. */
export const hasRole = (role: Role): boolean => RANK[currentRole()] >= RANK[role];

export const isBelow = (role: Role, other: Role): boolean => RANK[role] < RANK[other];
