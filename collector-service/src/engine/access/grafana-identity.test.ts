import { createIdentityVerifier } from './grafana-identity.ts';
import { startTestGrafana, type TestGrafana } from '@amc-reports/test-support/access/grafana.ts';

describe('A Grafana identity', () => {
  let grafana: TestGrafana;
  beforeAll(async () => {
    grafana = await startTestGrafana();
  });
  afterAll(() => grafana.close());

  const verify = (token: string, settings = grafana.settings) => createIdentityVerifier()(token, settings);
  const refusal = async (token: string | Promise<string>, settings = grafana.settings) =>
    verify(await token, settings).then(
      () => 'accepted',
      (error: { code: string; status: number; message: string }) => `${error.status} ${error.code}: ${error.message}`,
    );

  it('gives person and role of a signed token, whatever the final slash of the issuer', async () => {
    expect(await verify(await grafana.sign())).toMatchObject({ person: 'ada', role: 'Admin' });
    expect(await verify(await grafana.sign({ iss: grafana.settings.issuer, role: 'Editor' }))).toMatchObject({
      person: 'ada',
      role: 'Editor',
    });
    expect(await verify(await grafana.sign(), { ...grafana.settings, issuer: `${grafana.settings.issuer}/` })).toMatchObject({
      person: 'ada',
      role: 'Admin',
    });
  });

  it('names a person by e-mail or subject when there is no login', async () => {
    expect((await verify(await grafana.sign({ username: '' }))).person).toBe('ada@example.com');
    expect((await verify(await grafana.sign({ username: 7, email: null }))).person).toBe('user:1');
  });

  it('knows by which names a grant may call a person: never by an e-mail that Grafana has not verified', async () => {
    expect(await verify(await grafana.sign({ identifier: 'uid1' }))).toMatchObject({
      subject: 'user:1',
      names: ['user:1', 'ada'],
      userIds: ['1', 'uid1'],
    });
    expect((await verify(await grafana.sign({ email_verified: true }))).names).toEqual(['user:1', 'ada', 'ada@example.com']);
    expect((await verify(await grafana.sign({ email_verified: 'true' }))).names).toEqual(['user:1', 'ada']);
    expect(await verify(await grafana.sign({ sub: 'service-account:1' }))).toMatchObject({ userIds: [] });
  });

  it('counts anonymous visitors, service accounts and unheard-of roles as Viewer', async () => {
    expect(await verify(await grafana.sign({ sub: 'anonymous:0', role: 'Admin' }))).toMatchObject({
      person: null,
      role: 'Viewer',
      names: [],
    });
    expect(await verify(await grafana.sign({ sub: 'service-account:5', username: 'sa-robot', role: 'Admin' }))).toMatchObject({
      person: 'sa-robot',
      role: 'Viewer',
    });
    expect(await verify(await grafana.sign({ sub: 'api-key:5', role: 'Editor' }))).toMatchObject({ role: 'Viewer' });
    expect(await verify(await grafana.sign({ role: 'None' }))).toMatchObject({ role: 'Viewer' });
    expect(await verify(await grafana.sign({ role: ['Admin'] }))).toMatchObject({ role: 'Viewer' });
  });

  it('admits any of the organisations of the workspace and no other', async () => {
    expect((await verify(await grafana.sign({ aud: 'org:7' }))).person).toBe('ada');
    expect((await verify(await grafana.sign({ aud: ['org:9', 'org:7'] }))).person).toBe('ada');
    expect(await refusal(grafana.sign({ aud: 'org:2' }))).toMatch(/^401 unauthenticated: .*"org:2".*org:1, org:7.*GRAFANA_ORGS/);
    expect(await refusal(grafana.sign({ aud: 'org:17' }))).toMatch(/^401/);
    expect(await refusal(grafana.sign(), { ...grafana.settings, orgs: [] })).toMatch(/no organisation/);
  });

  it('refuses another issuer and says what to set', async () => {
    expect(await refusal(grafana.sign({ iss: 'http://evil.example/' }))).toMatch(/^401 unauthenticated: .*evil\.example.*GRAFANA_ISSUER/);
    expect(await refusal(grafana.sign({ iss: `${grafana.settings.issuer}//` }))).toMatch(/^401/);
  });

  it('allows half a minute between the clocks and no more', async () => {
    expect(await refusal(grafana.sign({}, { expiresIn: -20 }))).toBe('accepted');
    expect(await refusal(grafana.sign({}, { expiresIn: -40 }))).toMatch(/^401 unauthenticated: .*expired/);
  });

  it('refuses a token that lacks a claim', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect(await refusal(grafana.sign({ sub: undefined as unknown as string }))).toMatch(/^401 .*"sub"/);
    expect(await refusal(grafana.sign({ aud: undefined as unknown as string }))).toMatch(/^401 .*"aud"/);
    expect(await refusal(grafana.sign({ nbf: now + 300 }))).toMatch(/^401 .*"nbf"/);
  });

  it('refuses HS256 signed with the public key, and tokens without signature', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(grafana.publicJwk));
    expect(await refusal(grafana.sign({}, { alg: 'HS256', key: secret }))).toMatch(/^401 .*ES256/);
    const [, body] = (await grafana.sign()).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid: grafana.publicJwk.kid })).toString('base64url');
    expect(await refusal(`${none}.${body}.`)).toMatch(/^401/);
  });

  it('refuses a foreign key, under its own or under a known id', async () => {
    const key = await grafana.foreignKey();
    expect(await refusal(grafana.sign({}, { key, kid: 'other' }))).toMatch(/^401 .*GRAFANA_KEYS_URL/);
    expect(await refusal(grafana.sign({}, { key }))).toMatch(/^401 .*signature is wrong/);
  });

  it('refuses a token whose claims were changed after signing', async () => {
    const [head, , signature] = (await grafana.sign({ role: 'Viewer' })).split('.');
    const body = Buffer.from(
      JSON.stringify({ iss: grafana.settings.issuer, aud: 'org:1', sub: 'user:1', role: 'Admin', exp: 4_000_000_000 }),
    ).toString('base64url');
    expect(await refusal(`${head}.${body}.${signature}`)).toMatch(/signature is wrong/);
  });

  it.each(['', 'x', 'a.b.c', '..', '{}', `${'a'.repeat(9000)}.b.c`, 'e30.e30.e30'])('refuses what is no token: %j', async (token) => {
    expect(await refusal(token)).toMatch(/^401 unauthenticated: /);
  });

  it('asks for the keys once, and forged key ids do not make it ask again', async () => {
    const verifyOften = createIdentityVerifier();
    const before = grafana.fetches();
    await Promise.all([1, 2, 3].map(async () => verifyOften(await grafana.sign(), grafana.settings)));
    for (const kid of ['f1', 'f2', 'f3'])
      await expect(verifyOften(await grafana.sign({}, { kid }), grafana.settings)).rejects.toMatchObject({ status: 401 });
    expect(grafana.fetches() - before).toBe(1);
  });

  it('says that the keys cannot be read when their server is down or answers nonsense', async () => {
    const down = { ...grafana.settings, keysUrl: 'http://127.0.0.1:1/keys' };
    expect(await refusal(grafana.sign(), down)).toMatch(/^503 identity_unavailable: .*127\.0\.0\.1:1.*GRAFANA_KEYS_URL/);
  });
});
