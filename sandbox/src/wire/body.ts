import { isUtf8 } from 'node:buffer';
import type { Request } from 'express';
import { badRequest } from './amc-error.ts';
import { assertLegible } from './legible.ts';

/** Bodies above this are nobody's honest workflow. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** The body as text, whatever its content type says: many clients send none. @throws AmcError 400 */
async function readText(request: Request): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end all the same: a client that still sends would not hear the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) throw badRequest('Request body is too large.');
  const body = Buffer.concat(chunks);
  if (!isUtf8(body)) throw badRequest('Request body is not UTF-8.');
  return body.toString('utf8');
}

export type Fields = Record<string, unknown>;

function parseJson(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw badRequest('Request body is not valid JSON.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw badRequest('Request body must be a JSON object.');
  assertLegible(value);
  return value as Fields;
}

/** An object whose every text can be stored. Nothing else may read a body. @throws AmcError 400 */
export const readJson = async (request: Request): Promise<Fields> => parseJson(await readText(request));

/** JSON or form, by what it looks like: LWA takes both. @throws AmcError 400 */
export async function readForm(request: Request): Promise<Fields> {
  const text = await readText(request);
  if (text.trimStart().startsWith('{')) return parseJson(text);
  const fields = Object.fromEntries(new URLSearchParams(text));
  assertLegible(fields);
  return fields;
}

/** A text, or undefined where there is none. @throws AmcError 400 for anything else */
export function asText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw badRequest(`Invalid value for ${name}: expected a string.`);
  return value;
}

/** Sloppy clients send booleans and numbers as strings ("true", "False", "21600"); Amazon's gateway takes them. */
const spelled = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value);

export function asBoolean(value: unknown, name: string): boolean | undefined {
  const text = spelled(value)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw badRequest(`Invalid value '${text}' for ${name}: expected a boolean.`);
}

export function asInteger(value: unknown, name: string, range?: { min: number; max: number }): number | undefined {
  const text = spelled(value);
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) throw badRequest(`Invalid value '${text}' for ${name}: expected an integer.`);
  const number = Number(text);
  if (range && (number < range.min || number > range.max))
    throw badRequest(`Invalid value ${number} for ${name}: must be between ${range.min} and ${range.max}.`);
  return number;
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** A value as a parameter of a query may have it: a scalar or a list of scalars. @throws AmcError 400 */
export function asParameterValue(value: unknown, name: string): unknown {
  if (value === undefined || value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar))) return value;
  throw badRequest(`Invalid value for ${name}: expected a string, a number, a boolean or a list of them.`);
}
