import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type PropsWithChildren } from 'react';
import { applyEvent, eventsAddress, readEvent, refreshCollections, refreshSchedules } from '../data/events';
import { useDatasourceUid } from '../data/datasource';
import { follow, type StreamState, type StreamTiming } from '../sse/follow';
import { LiveStateContext } from './live-state';

interface LiveUpdatesProps {
  timing?: StreamTiming;
}

/** One stream of events for all pages, while the app is open: a browser allows few connections to one server. */
export function LiveUpdates({ timing, children }: PropsWithChildren<LiveUpdatesProps>) {
  const uid = useDatasourceUid();
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');

  useEffect(() => {
    const leaving = new AbortController();
    let opened = false;
    void follow({
      address: eventsAddress(uid),
      signal: leaving.signal,
      ...(timing && { timing }),
      onState: (next) => {
        setState(next);
        // After a break the server replays what changed, but after a long one only in outline.
        if (next === 'live' && opened) void refreshCollections(client, uid);
        opened ||= next === 'live';
      },
      onEvent: ({ data }) => {
        const event = readEvent(data);
        if (event?.type === 'week' || event?.type === 'collection') applyEvent(client, uid, event);
        else if (event?.type === 'schedule' || event?.type === 'missed') void refreshSchedules(client, uid);
      },
    });
    return () => leaving.abort();
  }, [client, uid, timing]);

  return <LiveStateContext.Provider value={state}>{children}</LiveStateContext.Provider>;
}
