/**
 * The zone's IANA name if it is one, written as the tz database writes it ('europe/berlin' gives 'Europe/Berlin'); else null.
 * Offsets such as '+01:00' are refused: they know no daylight saving, and Amazon wants a name (reference/amc.md §3.2).
 */
export function ianaTimeZone(zone: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone)) return null;
  let canonical: string;
  try {
    canonical = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
  // An alias (Asia/Kolkata resolves to Asia/Calcutta) is a name of its own and stays as it was written.
  return canonical.toLowerCase() === zone.toLowerCase() ? canonical : zone;
}
