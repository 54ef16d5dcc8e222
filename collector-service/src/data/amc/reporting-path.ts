import type { AmcInstanceRef } from './transport.ts';

/** A path below an instance's reporting root, every segment escaped. */
export const reportingPath = (instance: AmcInstanceRef, ...segments: string[]): string =>
  ['/amc/reporting', ...[instance.instanceId, ...segments].map(encodeURIComponent)].join('/');
