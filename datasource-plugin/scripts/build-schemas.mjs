// Writes the machine-readable schema of a saved query, src/schemas/query.json, from the contract's own. It goes into the package as it
// is, and the editor's code mode completes and validates by it. A test says when it is out of date:
//   node scripts/build-schemas.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { querySchema } from '../src/schemas/query-schema.ts';

const contract = new URL('../../collector-service/src/contract/golden/metric-query.schema.json', import.meta.url);
const schema = querySchema(JSON.parse(readFileSync(contract, 'utf8')));
writeFileSync(new URL('../src/schemas/query.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
