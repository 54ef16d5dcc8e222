import type { Values } from '../table.ts';

/** Who it was. People without an Amazon account are told by their device or browser; nobody is told by nothing. */
export const PERSON_VALUES: Values = {
  user_id: 't.user_id',
  user_id_type: `CASE WHEN t.user_id % 20 < 17 THEN 'adUserId' WHEN t.user_id % 20 < 19 THEN 'sisDeviceId' WHEN t.user_id IS NOT NULL THEN 'adBrowserId' END`,
  // A choice of the person, the same at every event.
  no_3p_trackers: 'COALESCE(t.user_id % 25 = 0, false)',
};
