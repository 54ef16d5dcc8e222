import { DEEP_RESTATE_WEEKS } from '../../data/catalogue/restatement.ts';
import type { ScheduleTemplate } from '../../contract/schedule-templates.ts';

/** Wednesday, 6:00: the week ended on Monday, and Amazon promises its data within 48 hours. */
const WEEKLY = '0 6 * * 3';

/** What most people want, ready to be chosen. */
export const SCHEDULE_TEMPLATES: readonly ScheduleTemplate[] = [
  {
    template: 'weekly',
    title: 'Weekly update',
    description: 'Every Wednesday: the newest complete week, and the weeks before it that Amazon still restates.',
    cron: WEEKLY,
    restateWeeks: null,
    deepRestateWeeks: null,
    staggerSeconds: 60,
  },
  {
    template: 'weekly_deep',
    title: 'Weekly update, monthly in depth',
    description: `As the weekly update; the first one of a month goes ${DEEP_RESTATE_WEEKS} weeks back, so that every week is collected once more when it is final.`,
    cron: WEEKLY,
    restateWeeks: null,
    deepRestateWeeks: DEEP_RESTATE_WEEKS,
    staggerSeconds: 60,
  },
  {
    template: 'daily',
    title: 'Daily provisional',
    description:
      'Every day: the newest complete week as soon as there is one, and the two newest again while their numbers are provisional.',
    cron: '0 6 * * *',
    restateWeeks: 2,
    deepRestateWeeks: null,
    staggerSeconds: 60,
  },
];
