import type { Request } from 'express';
import { badRequest } from './amc-error.ts';

/** Bodies above this are nobody's honest workflow. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** The body as text, whatever its content type says: many clients send none. */
export async function readText(request: Request): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw badRequest('Request body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export type Fields = Record<string, unknown>;

export function parseJson(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw badRequest('Request body is not valid JSON.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw badRequest('Request body must be a JSON object.');
  return value as Fields;
}

export const readJson = async (request: Request): Promise<Fields> => parseJson(await readText(request));

/** JSON or form, by what it looks like: LWA takes both. */
export async function readForm(request: Request): Promise<Fields> {
  const text = await readText(request);
  return text.trimStart().startsWith('{') ? parseJson(text) : Object.fromEntries(new URLSearchParams(text));
}

/** Sloppy clients send booleans and numbers as strings ("true", "False", "21600"); Amazon's gateway takes them. */
export const asText = (value: unknown): string | undefined =>
  value === undefined || value === null
    ? undefined
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string | number | boolean);

export function asBoolean(value: unknown, name: string): boolean | undefined {
  const text = asText(value)?.toLowerCase();
  if (text === undefined || text === '') return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw badRequest(`Invalid value '${text}' for ${name}: expected a boolean.`);
}

export function asInteger(value: unknown, name: string, range?: { min: number; max: number }): number | undefined {
  const text = asText(value);
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isInteger(number)) throw badRequest(`Invalid value '${text}' for ${name}: expected an integer.`);
  if (range && (number < range.min || number > range.max))
    throw badRequest(`Invalid value ${number} for ${name}: must be between ${range.min} and ${range.max}.`);
  return number;
}
