import { PassThrough } from 'node:stream';
import { createLogger } from './log.ts';

it('writes JSON lines without secrets, wherever they stand', () => {
  const out = new PassThrough();
  const logger = createLogger('info', out);
  logger.info(
    {
      token: 'planted-1',
      connection: { clientSecret: 'planted-2', refreshToken: 'planted-3' },
      headers: { authorization: 'Bearer planted-4' },
    },
    'hello',
  );
  const line = String(out.read());
  expect(JSON.parse(line)).toMatchObject({ service: 'amc-collector', msg: 'hello' });
  expect(line).not.toContain('planted');
});

it('keeps of an error its words, code and cause, not the connection it happened on', () => {
  const out = new PassThrough();
  const error = Object.assign(new Error('terminated', { cause: new Error('the reason') }), {
    code: '57P01',
    client: { password: 'planted' },
  });
  createLogger('info', out).error({ err: error }, 'lost');
  const line = String(out.read());
  expect(JSON.parse(line).err).toMatchObject({ message: 'terminated', code: '57P01', cause: { message: 'the reason' } });
  expect(line).not.toContain('planted');
});
