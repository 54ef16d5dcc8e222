import type { IconName } from '@grafana/data';
import type { HeldDecision } from '../../data/held-questions';

/** What each decision is called, and what comes of it. */
export const WORDS: Record<HeldDecision, { readonly verb: string; readonly icon: IconName; readonly consequence: string }> = {
  accept: {
    verb: 'Accept',
    icon: 'check',
    consequence: 'Dashboards show the results as they are. Amazon is not asked again.',
  },
  keep: {
    verb: 'Keep the earlier data',
    icon: 'times',
    consequence: 'The results are set aside, and dashboards keep what they show. Where they show nothing yet, it stays empty.',
  },
  run_again: {
    verb: 'Run again',
    icon: 'repeat',
    consequence: 'The results are set aside and Amazon is asked again: an execution is paid for each.',
  },
};
