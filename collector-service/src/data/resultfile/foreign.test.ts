import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { recognise } from './foreign.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'amc-reports-foreign-'))));
afterAll(() => rm(folder, { recursive: true }));

async function look(content: string | Buffer): Promise<string> {
  const path = join(folder, 'mine.csv');
  await writeFile(path, content);
  return recognise(path, 'mine.csv');
}

const TABLE = 'date,campaign,spend\n2026-03-02,Boots,1\n';
const utf16 = (text: string, order: 'le' | 'be', mark: boolean): Buffer => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

test.each([
  ['plain text', TABLE, 'plain'],
  ['a byte order mark', `\ufeff${TABLE}`, 'plain'],
  ['CRLF', TABLE.replaceAll('\n', '\r\n'), 'plain'],
  ['semicolons in a quoted name', '"a;b;c",d\n1,2\n', 'plain'],
  ['one column alone', 'clicks\n1\n', 'plain'],
  ['a name in brackets', '[date],x\n1,2\n', 'plain'],
  ['nothing', '', 'plain'],
  ['gzip', gzipSync(TABLE), 'gzip'],
  ['UTF-16 with a mark', utf16(TABLE, 'le', true), 'utf-16le'],
  ['UTF-16 the other way round', utf16(TABLE, 'be', true), 'utf-16be'],
  ['UTF-16 without a mark', utf16(TABLE, 'le', false), 'utf-16le'],
  ['UTF-16 the other way round without a mark', utf16(TABLE, 'be', false), 'utf-16be'],
])('%s is known for what it is', async (_name, content, packed) => {
  expect(await look(content)).toBe(packed);
});

test('a character that lies across the end of what is looked at is no fault', async () => {
  expect(await look(`a,b\n${'x'.repeat(64 * 1024 - 5)}ü,1\n`)).toBe('plain');
});

test.each([
  [
    'a workbook',
    Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from('....[Content_Types].xml')]),
    /Excel workbook \(\.xlsx\).*Save it as "CSV UTF-8/,
  ],
  ['an archive', Buffer.from('PK\x03\x04....report.csv'), /a ZIP archive\. Unpack it/],
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /Excel workbook \(\.xls\)/],
  ['a PDF', '%PDF-1.7\n', /a PDF/],
  [
    'a login page',
    '<!DOCTYPE html>\n<html><head><title>Sign in – Ads</title>',
    /a web page \("Sign in – Ads"\).*Sign in and download it again/,
  ],
  ['JSON', '{"rows": []}\n', /is JSON/],
  ['zero bytes', Buffer.from([97, 0, 0, 98, 10]), /no text/],
  ['Windows-1252', Buffer.from('Größe,b\n1,2\n', 'latin1'), /not written in UTF-8.*CSV UTF-8/],
  ['semicolons', 'date;campaign;spend\n2026-03-02;Boots;1,5\n', /with semicolons, not with commas.*point before their decimals/],
  ['tabs', 'date\tcampaign, name\tspend\n', /with tabs/],
  ['a line for spreadsheets', 'sep=,\r\na,b\r\n', /begins with the line 'sep=,'.*Delete it/],
  ['carriage returns alone', 'a,b\r1,2\r', /carriage return alone/],
])('%s is refused as what it is, with what to do', async (_name, content, says) => {
  await expect(look(content)).rejects.toMatchObject({
    code: expect.stringMatching(/invalid_request|result_value/),
    message: expect.stringMatching(says),
  });
});

test('a file without a last line break shows its last line and says how to go on', async () => {
  await expect(look(TABLE.slice(0, -1))).rejects.toMatchObject({
    code: 'result_truncated',
    message: expect.stringMatching(/last line ends with "2026-03-02,Boots,1"\. If that is all of it, add a line break/),
  });
});
