import type { WeekAge } from '@amc-reports/collector-service/contract';

/** How sure a week's numbers are. Sales count for an ad up to 14 days later, and Amazon corrects weeks for about two months. */
export const WEEK_AGE: Record<WeekAge, { readonly label: string; readonly meaning: string }> = {
  incomplete: { label: 'Incomplete', meaning: 'Ended less than two days ago; Amazon does not have all of it yet.' },
  provisional: {
    label: 'Provisional',
    meaning: 'Ended less than 14 days ago. Sales that belong to its ads are still arriving, so its numbers grow.',
  },
  settling: { label: 'Settling', meaning: 'Ended less than 60 days ago. All sales are in, but Amazon may still correct them a little.' },
  final: { label: 'Final', meaning: 'Older than 60 days. Amazon does not change it any more.' },
};
