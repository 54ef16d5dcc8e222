import { createContext, useContext } from 'react';
import type { StreamState } from '../sse/follow';

export const LiveStateContext = createContext<StreamState>('connecting');
export const useLiveState = (): StreamState => useContext(LiveStateContext);

/** Events bring changes at once; a rare look makes sure that nothing was lost on the way. */
const WHILE_LIVE_MS = 60_000;
export const WHILE_POLLING_MS = 10_000;

/** How often a page should ask by itself, in milliseconds. */
export const usePollInterval = (): number => (useLiveState() === 'live' ? WHILE_LIVE_MS : WHILE_POLLING_MS);
