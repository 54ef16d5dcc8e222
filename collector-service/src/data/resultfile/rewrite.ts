import { Transform } from 'node:stream';
import { CollectorError } from '../../contract/error.ts';
import type { Dialect } from './dialect.ts';

const COMMA = 0x2c;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;

/** At a field's start, in a bare field, inside quotes, at a quote inside quotes, after a backslash inside quotes, after an escaped quote. */
type State = 'start' | 'bare' | 'inside' | 'at quote' | 'after backslash' | 'after escaped quote';

/**
 * Rewrites CSV into the form COPY reads as it is meant: doubled quotes and LF.
 *
 * In a mixed file `""` and `\"` both stand for a quotation mark. That is clear except where a backslash stands before a quote that
 * could also close the field (`\",`), before a doubled one (`\""`) or before another backslash: there nothing tells the
 * readings apart, and the file is refused.
 */
export class Rewriter extends Transform {
  /** Records seen, the header included. */
  rows = 0;
  crlf = 0;
  returns = 0;
  #state: State = 'start';
  #pendingReturn = false;
  readonly #escape: Dialect['escape'];
  readonly #name: string;

  constructor(escape: Dialect['escape'], name: string) {
    super();
    this.#escape = escape;
    this.#name = name;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null, data?: Buffer) => void): void {
    // Each byte becomes two at most (a backslash kept for the next byte and a quote that is doubled).
    const out = Buffer.allocUnsafe(chunk.length * 2 + 2);
    try {
      let length = 0;
      for (const byte of chunk) length = this.#take(byte, out, length);
      done(null, out.subarray(0, length));
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: (error?: Error | null) => void): void {
    done(this.#state === 'start' ? null : this.#refuse('ends inside a record'));
  }

  #take(byte: number, out: Buffer, at: number): number {
    const put = (...bytes: number[]): number => {
      for (const each of bytes) out[at++] = each;
      return at;
    };
    if (this.#pendingReturn) {
      this.#pendingReturn = false;
      if (byte !== LF) throw this.#refuse('holds a carriage return outside quotes that ends no line');
      this.crlf++;
    }
    switch (this.#state) {
      case 'after backslash':
        return this.#afterBackslash(byte, put);
      case 'after escaped quote':
        if (byte === COMMA || byte === CR || byte === LF || byte === QUOTE)
          throw this.#refuse('has a quotation mark after a backslash that may or may not close its field');
        this.#state = 'inside';
        return this.#inside(byte, put);
      case 'inside':
        return this.#inside(byte, put);
      case 'at quote':
        if (byte === QUOTE && this.#escape !== 'backslash') {
          this.#state = 'inside';
          return put(QUOTE, QUOTE);
        }
        at = put(QUOTE);
        if (byte !== COMMA && byte !== CR && byte !== LF) throw this.#refuse('has text after a closing quotation mark');
        return this.#outside(byte, put);
      default:
        return this.#outside(byte, put);
    }
  }

  #inside(byte: number, put: (...bytes: number[]) => number): number {
    if (byte === QUOTE) this.#state = 'at quote';
    else if (byte === BACKSLASH && this.#escape !== 'doubled') this.#state = 'after backslash';
    else return put(byte);
    return put();
  }

  #afterBackslash(byte: number, put: (...bytes: number[]) => number): number {
    this.#state = 'inside';
    if (byte === QUOTE) {
      if (this.#escape === 'mixed') this.#state = 'after escaped quote';
      return put(QUOTE, QUOTE);
    }
    if (byte !== BACKSLASH) return put(BACKSLASH, byte);
    if (this.#escape === 'mixed') throw this.#refuse('has two backslashes inside quotes that may stand for one');
    return put(BACKSLASH);
  }

  #outside(byte: number, put: (...bytes: number[]) => number): number {
    if (byte === CR) {
      this.returns++;
      this.#pendingReturn = true;
      this.#state = 'bare';
      return put();
    }
    if (byte === QUOTE) {
      if (this.#state !== 'start') throw this.#refuse('has a quotation mark inside a field that is not quoted');
      this.#state = 'inside';
      return put(QUOTE);
    }
    if (byte === LF) this.rows++;
    this.#state = byte === LF || byte === COMMA ? 'start' : 'bare';
    return put(byte);
  }

  #refuse(what: string): CollectorError {
    const message = `${this.#name}: record ${this.rows + 1} ${what}. The file was refused; nothing was changed.`;
    return new CollectorError('result_value', message);
  }
}
