import type { DecideHeldRunsInput, HeldDecisions } from '@amc-reports/collector-service/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { usePollInterval } from '../live/live-state';
import { useDatasourceUid } from './datasource';
import { keys } from './keys';
import { call } from './request';

/** What waits for a person: runs held in a row for the same reason are one question. */
export function useHeldQuestions() {
  const uid = useDatasourceUid();
  return useQuery({
    queryKey: keys.heldQuestions(uid),
    queryFn: ({ signal }) => call(uid, 'get /v1/held-questions', {}, { signal }),
    refetchInterval: usePollInterval(),
  });
}

export type HeldDecision = DecideHeldRunsInput['decision'];
/** The collector decides about so many in one request. */
const MOST_DECIDED = 200;

interface Answer {
  decision: HeldDecision;
  reason: string;
  runs: readonly string[];
}

/** Decides about many held runs, each for itself; tells those that were refused. The bar shows what came of it in place. */
export function useDecideHeldRuns() {
  const uid = useDatasourceUid();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ decision, reason, runs }: Answer): Promise<Pick<HeldDecisions, 'decided' | 'refused'>> => {
      const all: Pick<HeldDecisions, 'decided' | 'refused'> = { decided: [], refused: [] };
      for (let from = 0; from < runs.length; from += MOST_DECIDED) {
        const body = { decision, reason, runs: runs.slice(from, from + MOST_DECIDED) };
        const { decided, refused } = await call(uid, 'post /v1/held-runs/decide', { body });
        all.decided.push(...decided);
        all.refused.push(...refused);
      }
      return all;
    },
    meta: { failure: 'The held results could not be decided about' },
    onSettled: () => client.invalidateQueries({ queryKey: keys.heldQuestions(uid) }),
  });
}
