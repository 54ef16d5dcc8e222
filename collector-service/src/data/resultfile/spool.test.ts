import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { copyBody, copyOptions } from './copy.ts';
import { scanFile, spool, type ScannedPart, type SpoolOptions } from './spool.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'amc-reports-spool-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const never = (): AbortSignal => new AbortController().signal;

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const spoolText = (content: string | Buffer, options: SpoolOptions = {}, size = 1000): Promise<ScannedPart> =>
  spool(pieces(Buffer.from(content), size), { directory, name: 'part.csv' }, options, never());

/** What COPY would read, by the rules of CSV as PostgreSQL knows them: quotes anywhere, one escape, any line end. */
async function readBack(part: ScannedPart): Promise<string[][]> {
  const escape = copyOptions(part).includes(`ESCAPE '\\'`) ? '\\' : '"';
  const body = await text(copyBody(part));
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let inside = false;
  for (let at = 0; at < body.length; at++) {
    const char = body[at]!;
    if (inside) {
      if (char === escape && (body[at + 1] === '"' || body[at + 1] === escape)) field += body[++at];
      else if (char === '"') inside = false;
      else field += char;
    } else if (char === '"') inside = true;
    else if (char === ',') [row, field] = [[...row, field], ''];
    else if (char === '\n') {
      rows.push([...row, field.replace(/\r$/, '')]);
      [row, field] = [[], ''];
    } else field += char;
  }
  return rows;
}

test('the bytes arrive on disk as they were sent, hashed and counted', async () => {
  const content = 'a,b\n1,Müller 🏔\n2,\n';
  const part = await spoolText(content, { contentLength: Buffer.byteLength(content) }, 7);
  expect(await readFile(part.path, 'utf8')).toBe(content);
  expect(part).toMatchObject({
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
    header: ['a', 'b'],
    rows: 2,
    dialect: { escape: 'doubled', lineEnds: 'lf', rewrite: false },
  });
});

test.each([
  ['doubled quotes', 'a,b\n1,"say ""hi"", all"\n', 'doubled', [['1', 'say "hi", all']]],
  ['backslash quotes', 'a,b\n1,"say \\"hi\\" all"\n', 'backslash', [['1', 'say "hi" all']]],
  ['a backslash that is only a backslash', 'a,b\n1,"C:\\dir, ""x"""\n', 'doubled', [['1', 'C:\\dir, "x"']]],
  ['a bare backslash outside quotes', 'a,b\n1,C:\\dir\n', 'doubled', [['1', 'C:\\dir']]],
  ['an empty quoted field', 'a,b\n"",""\n', 'doubled', [['', '']]],
  ['line breaks in fields', 'a,b\n1,"two\nlines\r\nor three"\n', 'doubled', [['1', 'two\nlines\r\nor three']]],
  [
    'both escapes, each clear in its place',
    'a,b\n1,"say \\"hi\\" now"\n2,"say ""ho"""\n',
    'mixed',
    [
      ['1', 'say "hi" now'],
      ['2', 'say "ho"'],
    ],
  ],
] as const)('%s are read as they are meant', async (_name, content, escape, rows) => {
  for (const size of [1, 2, 3, 1000]) {
    const part = await spoolText(content, {}, size);
    expect(part).toMatchObject({ rows: rows.length, dialect: { escape } });
    expect(await readBack(part)).toEqual(rows);
  }
});

test('the escape the workflow asked for decides what the bytes leave open', async () => {
  const content = 'a,b\n1,"C:\\\\dir"\n';
  await expect(spoolText(content)).rejects.toMatchObject({ code: 'result_value', kind: 'data' });
  expect(await readBack(await spoolText(content, { escape: 'doubled' }))).toEqual([['1', 'C:\\\\dir']]);
  expect(await readBack(await spoolText(content, { escape: 'backslash' }))).toEqual([['1', 'C:\\dir']]);
});

test('the bytes win over the escape the workflow asked for', async () => {
  const part = await spoolText('a,b\n1,"say \\"hi\\" all"\n', { escape: 'doubled' });
  expect(part.dialect.escape).toBe('backslash');
});

test.each([
  ['a backslash before a quote that may close its field', 'a,b\n1,"x ""y"" z"\n2,"dir \\",w"\n3,"u \\"v\\" w"\n'],
  ['two backslashes in a file with both escapes', 'a,b\n1,"x ""y"" z"\n2,"u \\"v\\" \\\\ w"\n'],
])('%s is refused and not guessed; the file stays as it came, for a person to look at', async (_name, content) => {
  await expect(spoolText(content)).rejects.toMatchObject({
    code: 'result_value',
    kind: 'data',
    message: expect.stringMatching(/record \d/),
  });
  expect(await readFile(join(directory, 'part.csv'), 'utf8')).toBe(content);
});

test.each([
  ['a quotation mark inside a bare field', 'a,b\n1,15" screen\n'],
  ['text after a closing quotation mark', 'a,b\n1,"x"y\n'],
  ['a carriage return that ends no line', 'a,b\n1,x\ry\n'],
])('%s is refused', async (_name, content) => {
  await expect(spoolText(content)).rejects.toMatchObject({ code: 'result_value', kind: 'data' });
});

test.each([
  ['in the middle of a row', 'a,b\n1,x\n2,y'],
  ['inside quotes', 'a,b\n1,"x\n'],
  ['inside quotes that hold a line break', 'a,b\n1,"x\ny\n'],
  ['before the first byte', ''],
])('a file cut off %s is to be fetched again, and leaves nothing behind', async (_name, content) => {
  await expect(spoolText(content)).rejects.toMatchObject({ code: 'result_truncated', kind: 'transient' });
  expect(await readdir(directory)).toEqual([]);
});

test('a file cut at a row boundary is noticed by its announced length', async () => {
  await expect(spoolText('a,b\n1,x\n', { contentLength: 12 })).rejects.toMatchObject({ code: 'result_truncated' });
});

test('CRLF files go to the database as they are, files with both line ends are rewritten', async () => {
  const crlf = await spoolText('a,b\r\n1,x\r\n2,y\r\n');
  expect(crlf.dialect).toEqual({ escape: 'doubled', lineEnds: 'crlf', rewrite: false });
  const glued = await spoolText('a,b\r\n1,"x\\"\r\n2,"y, ""z"""\n');
  expect(glued).toMatchObject({ rows: 2, dialect: { lineEnds: 'mixed', rewrite: true } });
  expect(await text(copyBody(glued))).toBe('1,"x\\"\n2,"y, ""z"""\n');
});

test.each([1, 2, 5, 1000])('a byte order mark is no part of the first column (pieces of %i)', async (size) => {
  const part = await spoolText(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('"a",b\n1,x\n')]), {}, size);
  expect(part.header).toEqual(['a', 'b']);
  expect(await readBack(part)).toEqual([['1', 'x']]);
});

test('a header alone is a result without rows', async () => {
  expect(await spoolText('a,b\n')).toMatchObject({ rows: 0, header: ['a', 'b'] });
});

test('something that is no CSV at all is refused by its endless first record', async () => {
  await expect(spoolText(`${'x'.repeat(300_000)}\n`)).rejects.toMatchObject({ code: 'result_header' });
});

test('aborting ends the wait for a source that has gone silent, and leaves nothing behind', async () => {
  const stopping = new AbortController();
  async function* silent(): AsyncGenerator<Buffer> {
    yield Buffer.from('a,b\n');
    stopping.abort(new Error('stopped'));
    await new Promise(() => undefined);
  }
  await expect(spool(silent(), { directory, name: 'part.csv' }, {}, stopping.signal)).rejects.toThrow('stopped');
  expect(await readdir(directory)).toEqual([]);
});

test('a full disk is said with what to do, and what was written is gone', async () => {
  // The device on which every write fails for want of space.
  await symlink('/dev/full', join(directory, 'part.csv'));
  await expect(spoolText('a,b\n1,x\n')).rejects.toMatchObject({
    code: 'disk_full',
    kind: 'transient',
    message: expect.stringContaining('free some space'),
  });
  expect(await readdir(directory)).toEqual([]);
});

test('a source that breaks is passed on as it broke', async () => {
  async function* breaking(): AsyncGenerator<Buffer> {
    yield Buffer.from('a,b\n1,');
    throw new Error('connection reset');
  }
  await expect(spool(breaking(), { directory, name: 'part.csv' }, {}, never())).rejects.toThrow('connection reset');
  expect(await readdir(directory)).toEqual([]);
});

test('a file that a person brings is scanned where it lies and stays there, also when it is refused', async () => {
  const path = join(directory, 'mine.csv');
  await writeFile(path, 'a,b\n1,x\n');
  expect(await scanFile(path, 'mine.csv', {}, never())).toMatchObject({ path, rows: 1 });
  await writeFile(path, 'a,b\n1,x');
  await expect(scanFile(path, 'mine.csv', {}, never())).rejects.toMatchObject({
    code: 'result_truncated',
    message: expect.stringContaining('mine.csv'),
  });
  expect(await readdir(directory)).toEqual(['mine.csv']);
});
