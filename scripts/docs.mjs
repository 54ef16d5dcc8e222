// npm run docs: writes docs/api.md and the tables of docs/troubleshooting.md from what is declared in collector-service/src/contract.
import { readFileSync, writeFileSync } from 'node:fs';
import { withErrorTables } from '../collector-service/src/contract/errors/tables.ts';
import { apiDocument } from '../collector-service/src/entry/http/api-doc.ts';

const file = (name) => new URL(`../docs/${name}`, import.meta.url);

writeFileSync(file('api.md'), apiDocument());
writeFileSync(file('troubleshooting.md'), withErrorTables(readFileSync(file('troubleshooting.md'), 'utf8')));
