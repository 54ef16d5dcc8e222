// Writes .env for docker compose with random secrets. Never overwrites one that is there.
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (process.argv.includes('--help')) {
  console.log(`Usage: node scripts/compose-env.mjs [--sandbox]

Writes .env beside docker-compose.yml: random passwords, token and encryption key.
Then fill in the AMC_ lines, or use --sandbox, which points the collector at the sandbox:
  docker compose --profile sandbox up --build`);
  process.exit(0);
}

const path = fileURLToPath(new URL('../.env', import.meta.url));
if (existsSync(path)) {
  console.error('.env exists already and is left as it is: it holds the key that the stored secrets are encrypted with.');
  process.exit(1);
}

const secret = (bytes) => randomBytes(bytes).toString('hex');
const sandbox = process.argv.includes('--sandbox');
const amc = sandbox
  ? {
      AMC_CLIENT_ID: 'amzn1.application-oa2-client.sandbox',
      AMC_CLIENT_SECRET: 'amzn1.oa2-cs.v1.sandbox',
      AMC_REFRESH_TOKEN: 'Atzr|sandbox',
      AMC_REGION: 'NA',
      AMC_ACCOUNT_ID: 'ENTITYSANDBOX',
      AMC_MARKETPLACE_ID: 'ATVPDKIKX0DER',
      AMC_INSTANCE_ID: 'amcsandbox1',
      AMC_API_URL: 'http://sandbox:8086',
      AMC_TOKEN_URL: 'http://sandbox:8086/auth/o2/token',
      TIME_FACTOR: '600',
    }
  : {
      AMC_CLIENT_ID: '',
      AMC_CLIENT_SECRET: '',
      AMC_REFRESH_TOKEN: '',
      AMC_REGION: '',
      AMC_ACCOUNT_ID: '',
      AMC_MARKETPLACE_ID: '',
      AMC_INSTANCE_ID: '',
    };

const lines = {
  POSTGRES_PASSWORD: secret(24),
  GRAFANA_ADMIN_PASSWORD: secret(12),
  COLLECTOR_TOKEN: `amcr_${secret(32)}`,
  ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  ...amc,
};
// Single quotes: compose would read $ and # in a value otherwise.
writeFileSync(
  path,
  Object.entries(lines)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join(''),
  { mode: 0o600 },
);
console.log(
  `Wrote .env (only you can read it).${sandbox ? '' : ' Fill in the AMC_ lines, see README.'} Grafana’s password for admin is GRAFANA_ADMIN_PASSWORD in it.`,
);
