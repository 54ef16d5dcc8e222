import { CollectorError } from './error.ts';
import { ERRORS, type ErrorCode } from './errors.ts';

it.each(Object.keys(ERRORS) as ErrorCode[])('%s has the kind and the status of the table', (code) => {
  const error = new CollectorError(code, 'It went wrong.');
  expect(error).toMatchObject({
    name: 'CollectorError',
    code,
    message: 'It went wrong.',
    kind: ERRORS[code].kind,
    status: ERRORS[code].status,
  });
  expect(error).toMatchObject({ details: undefined, retryAfterMs: undefined });
});

it('takes another kind or status for a single case, and keeps what belongs to it', () => {
  const cause = new Error('deeper');
  const error = new CollectorError('timed_out', 'Too slow.', { kind: 'terminal', status: 408, cause, details: { ms: 5 }, retryAfterMs: 7 });
  expect(error).toMatchObject({ kind: 'terminal', status: 408, cause, details: { ms: 5 }, retryAfterMs: 7 });
});

it('only a configuration and a bug are faults of this side', () => {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  expect(codes.filter((code) => ERRORS[code].status === 500)).toEqual(['config_invalid', 'internal']);
});

it('every title is a phrase and every cause and remedy a sentence', () => {
  for (const { title, cause, remedy } of Object.values(ERRORS)) {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    for (const text of [cause, remedy]) expect(text).toMatch(/^[A-Z][^|`\n]*\.$/);
  }
});
