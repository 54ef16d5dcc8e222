import { ianaName } from './time-zone';

const browserIn = (timeZone: string | undefined) =>
  jest.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue({ timeZone } as Intl.ResolvedDateTimeFormatOptions);

afterEach(() => jest.restoreAllMocks());

it("calls a zone by its IANA name: UTC, the browser's or the one that was chosen", () => {
  browserIn('America/Los_Angeles');
  expect(ianaName('utc')).toBe('UTC');
  expect(ianaName('browser')).toBe('America/Los_Angeles');
  expect(ianaName('')).toBe('America/Los_Angeles');
  expect(ianaName(undefined)).toBe('America/Los_Angeles');
  expect(ianaName('Europe/Berlin')).toBe('Europe/Berlin');
});

it.each([undefined, 'Etc/Unknown'])('takes a browser that says its zone is %s for one in UTC, as it reckons', (zone) => {
  browserIn(zone);
  expect(ianaName('browser')).toBe('UTC');
});
