import { AppEvents } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { toFailure } from './failure';

/** What a mutation declares instead of publishing toasts itself. */
interface MutationMeta extends Record<string, unknown> {
  /** Said when it worked. */
  success?: string;
  /** Title of the toast when it failed; without one the caller shows the failure in place. */
  failure?: string;
}

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: MutationMeta;
  }
}

/** One client per opened app: no state is left behind when the person switches organisation. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 1 && toFailure(error).transient,
        staleTime: 5_000,
        // Pages show what they know while offline, and say so.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
    mutationCache: new MutationCache({
      onSuccess: (_data, _variables, _context, { meta }) => {
        if (meta?.success) getAppEvents().publish({ type: AppEvents.alertSuccess.name, payload: [meta.success] });
      },
      onError: (error, _variables, _context, { meta }) => {
        if (!meta?.failure) return;
        const { message, remedy } = toFailure(error);
        getAppEvents().publish({ type: AppEvents.alertError.name, payload: [meta.failure, remedy ? `${message} ${remedy}` : message] });
      },
    }),
  });
}
