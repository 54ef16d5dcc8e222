import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CollectorError } from '../../contract/error.ts';
import { explainDisk } from './disk.ts';

/** Raised when an older collector could no longer read what is written. */
const FORMAT = 1;
const FILE = 'manifest.json';

const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

/** How a table looks that a dataset version has; those of the collector itself are made by its migrations. */
const shapeSchema = z.object({
  columns: z
    .array(z.object({ name: identifier, type: z.string().regex(/^[a-z][a-z0-9 ]*(\(\d+(,\d+)?\))?$/), notNull: z.boolean() }))
    .min(1),
  options: z.array(z.string().regex(/^[a-z_]+=[a-z0-9]+$/)),
  primaryKey: z.string().regex(/^PRIMARY KEY \([a-z0-9_, ]+\)$/),
  indexes: z.array(z.string().regex(/^CREATE INDEX [^;]+$/)),
  /** By which hash the keys of its rows were made (data/store/row-keys.ts); null for roll-ups. */
  rowKeys: z
    .string()
    .regex(/^hash -?\d+$/)
    .nullable(),
});

const tableSchema = z.object({
  name: identifier,
  columns: z.array(identifier).min(1),
  shape: shapeSchema.nullable(),
  file: z.string().regex(/^tables\/[a-z0-9_]+\.copy\.zst$/),
  rows: count,
  bytes: count,
  sha256,
});

const weekSchema = z.object({ dataset: z.string(), version: z.number().int(), instance: z.string(), week: z.iso.date() });

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  id: z.uuid(),
  /** Of the collector that made it. */
  version: z.string(),
  /** Everything committed before is in it, nothing that was committed later (the database's clock). */
  takenAt: z.iso.datetime(),
  postgres: z.string(),
  migrations: z.array(z.object({ number: z.number().int(), name: z.string(), sha256 })).min(1),
  /** Ids of the keys under which credentials are stored, and how many: never a key. */
  keys: z.array(z.object({ id: z.string(), secrets: count })),
  tables: z.array(tableSchema).min(1),
  /** The newest id that each identity column gave out; null: none yet. */
  sequences: z.array(z.object({ table: identifier, column: identifier, last: z.string().regex(/^\d+$/).nullable() })),
  /** Served weeks whose rows were counted and hashed, and those among them whose record said something else already then. */
  weeks: z.object({ checked: count, differing: z.array(weekSchema) }),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type TableFile = Manifest['tables'][number];
export type TableShape = z.infer<typeof shapeSchema>;
export type WeekName = z.infer<typeof weekSchema>;

/** Written last and in one step: a folder without it is no back-up. The last line is the hash of the rest. What could not be read back is a bug now. */
export async function writeManifest(directory: string, manifest: Omit<Manifest, 'format'>): Promise<void> {
  const body = JSON.stringify(manifestSchema.parse({ format: FORMAT, ...manifest }), null, 2);
  const draft = join(directory, `${FILE}.partial`);
  await writeFile(draft, `${body}\n${hashOf(body)}\n`, { flag: 'wx', mode: 0o600, flush: true });
  await rename(draft, join(directory, FILE));
}

/** @throws CollectorError invalid_request when there is no back-up, it is damaged, or a newer version made it */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = join(directory, FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw refused(`${directory} holds no whole back-up: there is no ${FILE}, which is written last.`);
    throw explainDisk(error, path);
  });
  const end = text.trimEnd().lastIndexOf('\n');
  const body = text.slice(0, Math.max(0, end));
  if (hashOf(body) !== text.slice(end + 1).trim())
    throw refused(`${path} is damaged: its hash is another one. Use another copy of the back-up.`);
  const written = JSON.parse(body) as { format?: unknown; version?: unknown };
  if (typeof written.format === 'number' && written.format > FORMAT)
    throw refused(`The back-up was made by a newer version (${String(written.version)}). Restore it with that version.`);
  return manifestSchema.parse(written);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const refused = (message: string): CollectorError => new CollectorError('invalid_request', message);
