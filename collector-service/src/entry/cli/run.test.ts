import { CollectorError } from '../../contract/error.ts';
import { runCommand, untilStopped, type CommandContext } from './run.ts';

let said = '';
beforeEach(() => {
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

/** A service whose part fails while it runs: it hears of it as of a stop, and would leave with 0. */
const failing =
  (error: Error) =>
  async ({ lifecycle, signal }: CommandContext) => {
    setImmediate(() => lifecycle.fail(error));
    await untilStopped(signal);
    return 0;
  };

test.each(['disk_full', 'database_unavailable'] as const)(
  'a part lost for %s ends the process in order, with 75 for its supervisor',
  async (code) => {
    const stopped: string[] = [];
    const exit = await runCommand(async (context) => {
      context.lifecycle.started('worker', () => void stopped.push('worker'));
      return failing(new CollectorError(code, 'It is gone.'))(context);
    });
    expect([exit, said, stopped]).toEqual([75, 'It is gone.\n', ['worker']]);
  },
);

test('a part that ends by a bug ends the process with 1', async () => {
  expect(await runCommand(failing(new Error('stuck')))).toBe(1);
  expect(said).toContain('This is a bug');
});

test('what starting again cannot cure exits with 1', async () => {
  const wrong = new CollectorError('database_unavailable', 'Wrong password.', { kind: 'terminal' });
  expect(await runCommand(() => Promise.reject(wrong))).toBe(1);
  expect(await runCommand(() => Promise.reject(new CollectorError('conflict', 'In use.')))).toBe(1);
});
