import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { pino } from 'pino';
import { Keyring, openKeyring } from './keyring.ts';
import { Secret } from '../../ground/secret.ts';
import { openSecrets, sealSecrets } from './secrets.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const ring = (text: string) => Keyring.parse(text, 'ENCRYPTION_KEY');
const owner = { workspaceId: '1', connection: 'amazon' };
const secrets = () => ({ clientSecret: new Secret('very-secret'), refreshToken: new Secret('Atzr|very-secret-too ü') });

test('a secret shows itself to nobody who does not ask', () => {
  const secret = new Secret('very-secret');
  const lines: string[] = [];
  pino({}, { write: (line) => void lines.push(line) }).info({ secret, nested: { secret } }, 'said %s', secret);
  const shown = [
    String(secret),
    `${secret}`,
    secret + '',
    JSON.stringify({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
    format('%s %o %j', secret, secret, secret),
    ...lines,
  ].join('\n');
  expect(shown).toContain('[redacted]');
  expect(shown).not.toContain('very-secret');
  expect(Object.values(secret)).toEqual([]);
  expect(secret.reveal()).toBe('very-secret');
});

test('what is sealed opens again, and no two seals are alike', () => {
  const keyring = ring(key(1));
  const first = sealSecrets(keyring, owner, secrets());
  const second = sealSecrets(keyring, owner, secrets());
  const opened = openSecrets(keyring, owner, first);
  expect([opened.clientSecret.reveal(), opened.refreshToken.reveal()]).toEqual(['very-secret', 'Atzr|very-secret-too ü']);
  expect(first.nonce.equals(second.nonce)).toBe(false);
  expect(first.ciphertext.toString('latin1')).not.toContain('very-secret');
});

test('a wrong key gives an error that names both keys and no secret', () => {
  const sealed = sealSecrets(ring(key(1)), owner, secrets());
  const open = () => openSecrets(ring(key(2)), owner, sealed);
  expect(open).toThrow(`encrypted with key ${sealed.keyId}`);
  expect(open).toThrow('Set the key they were stored with');
  expect(sealed.keyId).toMatch(/^[0-9a-f]{8}$/);
});

test('after a change of keys the old one still opens and the new one seals', () => {
  const sealed = sealSecrets(ring(key(1)), owner, secrets());
  const both = ring(`${key(2)}, ${key(1)}`);
  expect(openSecrets(both, owner, sealed).clientSecret.reveal()).toBe('very-secret');
  expect(sealSecrets(both, owner, secrets()).keyId).toBe(ring(key(2)).current.id);
});

test.each([
  ['one bit of the text', (s: { ciphertext: Buffer }) => (s.ciphertext[0]! ^= 1)],
  ['one bit of the tag', (s: { ciphertext: Buffer }) => (s.ciphertext[s.ciphertext.length - 1]! ^= 1)],
  ['one bit of the nonce', (s: { nonce: Buffer }) => (s.nonce[0]! ^= 1)],
])('%s altered, and nothing opens', (_, alter) => {
  const sealed = sealSecrets(ring(key(1)), owner, secrets());
  alter(sealed);
  expect(() => openSecrets(ring(key(1)), owner, sealed)).toThrow('do not open');
});

test('too little to be a seal does not open', () => {
  const sealed = sealSecrets(ring(key(1)), owner, secrets());
  for (const ciphertext of [Buffer.alloc(0), sealed.ciphertext.subarray(0, 15)]) {
    expect(() => openSecrets(ring(key(1)), owner, { ...sealed, ciphertext })).toThrow('do not open');
  }
});

test('a seal moved to another connection or workspace does not open', () => {
  const sealed = sealSecrets(ring(key(1)), owner, secrets());
  expect(() => openSecrets(ring(key(1)), { ...owner, connection: 'other' }, sealed)).toThrow('do not open');
  expect(() => openSecrets(ring(key(1)), { ...owner, workspaceId: '2' }, sealed)).toThrow('do not open');
});

test.each([
  '',
  ' , ',
  'short',
  Buffer.alloc(31).toString('base64'),
  Buffer.alloc(33).toString('base64'),
  'x'.repeat(44),
  `${key(1)},hunter2`,
  `${'!'.repeat(12)}${key(1)}`,
])('a key that is none (%j) is refused without being shown', (text) => {
  let message = '';
  try {
    ring(text);
  } catch (error) {
    message = inspect(error);
  }
  if (text === 'x'.repeat(44)) return expect(Buffer.from(text, 'base64')).toHaveLength(33);
  expect(message).toMatch(/openssl rand -base64 32/);
  expect(message).not.toMatch(/hunter2|short/);
});

describe('the key file', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'key-'))));
  afterEach(() => rm(folder, { recursive: true }));

  test('is made for its owner only, once, also by several processes at the same time', async () => {
    const keyFile = join(folder, 'deep', 'key');
    for (let round = 0; round < 50; round++) {
      await rm(keyFile, { force: true });
      const rings = await Promise.all([1, 2, 3, 4].map(() => openKeyring({ keyFile })));
      expect(new Set(rings.map((each) => each.current.id)).size).toBe(1);
    }
    expect(await readdir(join(folder, 'deep'))).toEqual(['key']);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    const before = await readFile(keyFile, 'utf8');
    await openKeyring({ keyFile });
    expect(await readFile(keyFile, 'utf8')).toBe(before);
  });

  test('is left alone when the environment has a key', async () => {
    const keyring = await openKeyring({ encryptionKey: key(3), keyFile: join(folder, 'key') });
    expect(keyring.current.id).toBe(ring(key(3)).current.id);
    await expect(stat(join(folder, 'key'))).rejects.toThrow('ENOENT');
  });

  test('that is damaged is refused, not replaced', async () => {
    const keyFile = join(folder, 'key');
    await writeFile(keyFile, 'oops\n');
    await chmod(keyFile, 0o600);
    await expect(openKeyring({ keyFile })).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(keyFile) });
    expect(await readFile(keyFile, 'utf8')).toBe('oops\n');
  });
});
