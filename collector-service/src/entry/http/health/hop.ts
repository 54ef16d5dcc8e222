import type { Health } from '../../../contract/health.ts';

export type Hop = Health['hops'][number];
export type HopName = Hop['hop'];

export const ok = (hop: HopName, message: string, remedy: string | null = null): Hop => ({ hop, status: 'ok', message, remedy });
export const degraded = (hop: HopName, message: string, remedy: string): Hop => ({ hop, status: 'degraded', message, remedy });
export const failed = (hop: HopName, message: string, remedy: string): Hop => ({ hop, status: 'failed', message, remedy });
export const unknown = (hop: HopName, message: string): Hop => ({ hop, status: 'unknown', message, remedy: null });

/** The worst of the hops; what is unknown because an earlier hop failed adds nothing to that failure. */
export function overall(hops: readonly Hop[]): Health['status'] {
  if (hops.some((hop) => hop.status === 'failed')) return 'failed';
  return hops.some((hop) => hop.status === 'degraded') ? 'degraded' : 'ok';
}
