import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, isMap, isNode, isPair, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { formatPath, fromTheTop, type Mistake, type Path } from './mistake.ts';

/** A YAML file as data, and where in the file a path of that data stands. */
export interface YamlFile {
  readonly file: string;
  readonly data: unknown;
  /** Makes a mistake at a path, with the line and column (from 1) of the nearest thing that exists there. */
  mistake(path: Path, message: string): Mistake;
}

/** No dataset or provisioning file is near this; a larger one was put there by accident. */
const MAX_BYTES = 1_048_576;

/** The *.yaml and *.yml files of a directory, by name. */
export async function yamlFilesIn(directory: string): Promise<string[] | Mistake> {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'))
      .sort()
      .map((name) => join(directory, name));
  } catch (error) {
    return { file: directory, path: '', message: unreadable(error, 'directory') };
  }
}

/** Reads one file. Syntax errors come back with line and column, never with the text of the line: it may hold a secret. */
export async function readYamlFile(file: string): Promise<YamlFile | Mistake[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return [{ file, path: '', message: unreadable(error, 'file') }];
  }
  if (bytes.length > MAX_BYTES) return [{ file, path: '', message: `has ${bytes.length} bytes; a file may have ${MAX_BYTES}` }];
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return [{ file, path: '', message: 'is not UTF-8 text; save it as UTF-8' }];
  }
  return parseYaml(file, text);
}

export function parseYaml(file: string, text: string): YamlFile | Mistake[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) {
    return document.errors.map((error) => ({
      ...at(error.pos[0]),
      path: '',
      message: `invalid YAML: ${SYNTAX[error.code] ?? 'the structure is broken here'}`,
    }));
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 50 });
  } catch {
    return [{ file, path: '', message: 'invalid YAML: too many aliases' }];
  }
  return { file, data, mistake: (path, message) => ({ ...at(offsetOf(document, path)), path: formatPath(path), message }) };
}

/** The parser's own messages quote the source, so they are said again in words that do not. */
const SYNTAX: Record<string, string> = {
  BAD_INDENT: 'the indentation does not fit the lines above',
  DUPLICATE_KEY: 'this key is given twice',
  MISSING_CHAR: 'a quote, bracket, colon or space is missing',
  TAB_AS_INDENT: 'tabs may not indent; use spaces',
  MULTIPLE_DOCS: 'one file holds one document; remove the ---',
  UNEXPECTED_TOKEN: 'unexpected text',
  BLOCK_AS_IMPLICIT_KEY: 'a nested mapping needs a line of its own, or quotes around text that holds ": "',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line',
  BAD_DQ_ESCAPE: 'unknown escape in a double-quoted text',
  BAD_ALIAS: 'unknown alias',
  BAD_SCALAR_START: 'text that begins with this character needs quotes',
};

/** What a schema finds wrong with a file, from its top to its end. Values are never repeated: the file may hold what must not be printed. */
export function schemaMistakes(source: YamlFile, issues: readonly z.core.$ZodIssue[]): Mistake[] {
  return fromTheTop(
    issues.flatMap((issue) => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => source.mistake([...issue.path, key], 'unknown key'));
      const missing = issue.code !== 'custom' && issue.path.length > 0 && valueAt(source.data, issue.path) === undefined;
      return source.mistake(issue.path, missing ? 'is missing' : issue.message);
    }),
  );
}

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined),
    data,
  );

function unreadable(error: unknown, kind: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return `no such ${kind}`;
  if (code === 'EACCES') return `this ${kind} may not be read; check its permissions`;
  return `the ${kind} cannot be read (${code ?? 'unknown reason'})`;
}

/** Offset of the deepest part of the path that exists: the key in a mapping, else the value. */
function offsetOf(document: Document, path: Path): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String(item.key) === String(step));
      if (!pair) break;
      if (isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else {
      node = isNode(node) && 'get' in node ? (node as { get(key: unknown, keep: true): unknown }).get(step, true) : undefined;
      if (!isNode(node) || !node.range) break;
      offset = node.range[0];
    }
  }
  return offset;
}
