import { open } from 'node:fs/promises';
import { CollectorError } from '../../contract/error.ts';
import { listed } from './header.ts';

/** How a file's text is packed; 'plain' is UTF-8 that can be read as it lies there. */
export type Packed = 'plain' | 'gzip' | 'utf-16le' | 'utf-16be';

const LOOKED_AT = 64 * 1024;
const COMMA_CSV = 'Save it as "CSV UTF-8 (comma delimited)" and import that.';

/** Files that are no CSV by their first bytes. */
const MAGIC: readonly (readonly [bytes: string, what: string, todo: string])[] = [
  ['504b0304', 'a ZIP archive', 'Unpack it and import the CSV file in it.'],
  ['d0cf11e0', 'an Excel workbook (.xls), not CSV', `Open it in a spreadsheet, with ids as text. ${COMMA_CSV}`],
  ['25504446', 'a PDF', 'Export the table as CSV.'],
  ['50415231', 'a Parquet file', 'Export the table as CSV.'],
  ['28b52ffd', 'packed with Zstandard', 'Unpack it first (zstd -d).'],
  ['425a68', 'packed with bzip2', 'Unpack it first (bunzip2).'],
];

/**
 * What a file is that a person brings, by its first and last bytes: other programs' files are named as what they are, not by the first
 * thing in them that CSV trips over.
 * @param name for messages
 * @throws CollectorError invalid_request (no CSV, or CSV of another kind), result_truncated (no line break at the end); file system errors
 */
export async function recognise(path: string, name: string): Promise<Packed> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const first = Buffer.alloc(Math.min(size, LOOKED_AT));
    await file.read(first, 0, first.length, 0);
    const packed = packedAs(first);
    if (packed !== 'plain') return packed;
    refuseOthers(first, name);
    const text = textOf(first, size > first.length, name);
    refuseOtherText(text, name);
    const last = Buffer.alloc(Math.min(size, 400));
    await file.read(last, 0, last.length, size - last.length);
    if (size > 0) assertEnds(last, name);
    return 'plain';
  } finally {
    await file.close();
  }
}

function packedAs(first: Buffer): Packed {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  // Without a mark: a header of Latin letters has a zero in every second byte.
  const zeros = (parity: 0 | 1): number => first.subarray(0, 200).filter((byte, index) => index % 2 === parity && byte === 0).length;
  const half = Math.min(first.length, 200) / 2;
  if (half >= 2 && zeros(1) > half * 0.7 && zeros(0) === 0) return 'utf-16le';
  if (half >= 2 && zeros(0) > half * 0.7 && zeros(1) === 0) return 'utf-16be';
  return 'plain';
}

function refuseOthers(first: Buffer, name: string): void {
  const start = first.subarray(0, 4).toString('hex');
  const found = MAGIC.find(([bytes]) => start.startsWith(bytes));
  if (found === undefined) {
    if (first.includes(0)) throw refuse(`${name} is no text: it holds zero bytes. Export the table as CSV.`);
    return;
  }
  if (start.startsWith('504b0304') && /\[Content_Types\]|xl\//.test(first.toString('latin1')))
    throw refuse(`${name} is an Excel workbook (.xlsx), not CSV. Open it in a spreadsheet, with ids as text. ${COMMA_CSV}`);
  throw refuse(`${name} is ${found[1]}. ${found[2]}`);
}

/** @param cut there is more, so that the last character may be half */
function textOf(first: Buffer, cut: boolean, name: string): string {
  const text = new TextDecoder('utf-8', { fatal: true });
  try {
    return text.decode(first, { stream: cut });
  } catch {
    throw notUtf8(name, 'Its first lines hold bytes that are no UTF-8');
  }
}

/** For whoever meets such bytes further down. */
export const notUtf8 = (name: string, where: string): CollectorError =>
  new CollectorError(
    'result_value',
    `${name} is not written in UTF-8, but maybe in an older encoding such as Windows-1252. ${where}. ${COMMA_CSV}`,
  );

function refuseOtherText(text: string, name: string): void {
  const start = text.trimStart();
  if (/^<(!doctype|html|head|body|script|meta|title|!--)/i.test(start)) {
    const title = /<title[^>]*>([^<]{1,80})/i.exec(start)?.[1]?.trim();
    throw refuse(
      `${name} is a web page${title ? ` ("${title}")` : ''}, not CSV: maybe the sign-in had run out when it was downloaded. Sign in and download it again.`,
    );
  }
  if (start.startsWith('<?xml')) throw refuse(`${name} is XML, not CSV. Export the table as CSV.`);
  if (/^(\{\s*"|\[\s*[[{])/.test(start)) throw refuse(`${name} is JSON, not CSV. Export the table as CSV.`);
  const [line = ''] = text.split('\n', 1);
  if (/^"?sep=.?"?\r?$/i.test(line))
    throw refuse(`${name} begins with the line '${line.trim()}', which only a spreadsheet knows. Delete it.`);
  if (!text.includes('\n') && text.includes('\r'))
    throw refuse(`${name} ends its lines with a carriage return alone, as old Macintosh programs do. ${COMMA_CSV}`);
  const other = separatorOf(line);
  if (other !== undefined)
    throw refuse(
      `${name} separates its columns with ${other}, not with commas. ${COMMA_CSV} Numbers need a point before their decimals and nothing between thousands.`,
    );
}

/** What the header separates its names with, when it is not the comma. */
function separatorOf(line: string): string | undefined {
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (separator: string): number => bare.split(separator).length - 1;
  const others = { semicolons: count(';'), tabs: count('\t'), 'vertical bars': count('|') };
  return Object.entries(others).find(([, times]) => times > 0 && times > count(','))?.[0];
}

function assertEnds(last: Buffer, name: string): void {
  if (last.at(-1) === 0x0a) return;
  const line = last.toString('utf8').split('\n').at(-1)!;
  throw new CollectorError(
    'result_truncated',
    `${name} ends in the middle of a line, so it may have been cut off. Its last line ends with ${listed([line.slice(-60)])}. If that is all of it, add a line break at the end (echo >> ${name}); if not, get the file again.`,
  );
}

const refuse = (message: string): CollectorError => new CollectorError('invalid_request', message);
