import { PassThrough } from 'node:stream';
import { Lifecycle, startAll } from './lifecycle.ts';
import { createLogger } from './telemetry/log.ts';

it('stops parts in reverse, also when one of them fails to stop', async () => {
  const stopped: string[] = [];
  const log = new PassThrough();
  const lifecycle = new Lifecycle(createLogger('error', log));
  lifecycle.started('database', () => void stopped.push('database'));
  lifecycle.started('worker', () => Promise.reject(new Error('stuck')));
  lifecycle.started('http', () => void stopped.push('http'));
  await lifecycle.stop();
  expect(stopped).toEqual(['http', 'database']);
  expect(String(log.read())).toContain('worker did not stop cleanly');
});

it('leaves nothing running when a later part fails to start', async () => {
  const stopped: string[] = [];
  const lifecycle = new Lifecycle(createLogger('silent'));
  const start = startAll(lifecycle, async () => {
    lifecycle.started('database', () => void stopped.push('database'));
    throw new Error('port taken');
  });
  await expect(start).rejects.toThrow('port taken');
  expect(stopped).toEqual(['database']);
});
