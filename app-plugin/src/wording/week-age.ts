import type { WeekAge } from '@amc-reports/collector-service/contract';

/** How sure the numbers of a week, or other window, are. How many days each age lasts depends on what the dataset counts. */
export const WEEK_AGE: Record<WeekAge, { readonly label: string; readonly meaning: string }> = {
  incomplete: { label: 'Incomplete', meaning: 'Ended less than two days ago; Amazon does not have all of it yet.' },
  provisional: { label: 'Provisional', meaning: 'Ended a short while ago. Late events are still arriving, so its numbers may grow.' },
  settling: { label: 'Settling', meaning: 'Nearly everything is in, but Amazon may still correct its numbers a little.' },
  final: { label: 'Final', meaning: 'Old enough that Amazon does not change it any more.' },
};
