// npm run api-doc: writes docs/api.md from the declarations of the routes (collector-service/src/contract).
import { writeFileSync } from 'node:fs';
import { apiDocument } from '../collector-service/src/entry/http/api-doc.ts';

writeFileSync(new URL('../docs/api.md', import.meta.url), apiDocument());
