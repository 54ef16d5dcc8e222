/**
 * Reads a result file's bytes once and says how they must be read as CSV.
 *
 * Amazon does not say which escape it uses inside quotes: `""` (doubled) or `\"` (backslash). COPY takes one of them and silently
 * damages the other, so both readings run side by side as one table-driven automaton; a reading ends when the file contradicts it.
 * No field is ever guessed: where both readings survive and differ, the caller decides (dialect.ts).
 */

/** Byte classes: every other byte, comma, quote, line feed, carriage return, backslash. */
const OTHER = 0;
const COMMA = 1;
const QUOTE = 2;
const LF = 3;
const CR = 4;
const BACKSLASH = 5;
const CLASSES = 8;

/** States of one reading: at a field's start, in a bare field, inside quotes, at a quote inside quotes, after a backslash inside quotes, contradicted. */
const START = 0;
const BARE = 1;
const INSIDE = 2;
const AT_QUOTE = 3;
const ESCAPED = 4;
const DEAD = 5;
const STATES = 6;

/** What a byte means, beside the next state; each reading has its own four bits. */
const ROW = 1;
const RETURN = 2;
const BREAK_IN_FIELD = 4;
const DIES = 8;
const BACKSLASH_SHIFT = 4;
/** The two readings give this field different values. */
const DIFFERS = 256;
const EVENT_SHIFT = 6;

export type Escape = 'doubled' | 'backslash';

/** What one reading found. Rows include the header. */
export interface Reading {
  rows: number;
  /** Line feeds that end a record and follow a carriage return. */
  crlf: number;
  /** Carriage returns outside quotes, those of crlf included. */
  returns: number;
  /** Line breaks inside quotes. */
  breaksInFields: number;
  /** Record (the header is 1) in which the file contradicted this reading; 0 when it never did. */
  diedInRow: number;
  /** The last byte ended a record. */
  complete: boolean;
}

const newReading = (): Reading => ({ rows: 0, crlf: 0, returns: 0, breaksInFields: 0, diedInRow: 0, complete: true });

const OUTSIDE = statesAt(START, BARE);
const WITHIN = statesAt(INSIDE);
const TABLE = buildTable();
const CLASS_OF = buildClasses();

export class CsvScanner {
  readonly doubled = newReading();
  readonly backslash = newReading();
  /** Both readings are possible so far but disagree about some field's value. */
  differ = false;
  /** Bytes seen. */
  bytes = 0;
  /** Offset just after the first record. */
  headerEnd = 0;
  lastByte = -1;
  #state = START * STATES + START;
  /** Where the chunk's next quote, line feed and carriage return are, as far as looked for. */
  #quote = new Ahead(0x22);
  #feed = new Ahead(0x0a);
  #return = new Ahead(0x0d);

  /** Takes the next bytes of the file (a byte order mark already removed). */
  push(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let state = this.#state;
    for (const ahead of [this.#quote, this.#feed, this.#return]) ahead.begin(chunk);
    const length = chunk.length;
    for (let at = 0; at < length;) {
      const from = at;
      if (OUTSIDE[state] === 1) at = this.#skipOutside(chunk, at);
      else if (WITHIN[state] === 1) at = skipInside(chunk, at);
      if (at > from) state = afterSkipping(state, chunk[at - 1]!);
      if (at === length) break;
      const entry = TABLE[(state << 3) | CLASS_OF[chunk[at]!]!]!;
      state = entry & 63;
      if (entry > 63) this.#note(entry >> EVENT_SHIFT, at === 0 ? this.lastByte : chunk[at - 1]!, this.bytes + at + 1);
      at++;
    }
    this.#state = state;
    this.bytes += length;
    if (length > 0) this.lastByte = chunk[length - 1]!;
  }

  /** Most bytes lie outside quotes, where only line breaks count. Stops at a quote, a carriage return and the byte after one. */
  #skipOutside(chunk: Buffer, from: number): number {
    if ((from === 0 ? this.lastByte : chunk[from - 1]) === 0x0d) return from;
    const stop = Math.min(this.#quote.from(from), this.#return.from(from));
    let rows = 0;
    for (let at = this.#feed.from(from); at < stop; at = this.#feed.from(at + 1)) {
      if (this.headerEnd === 0) this.headerEnd = this.bytes + at + 1;
      rows++;
    }
    if (this.doubled.diedInRow === 0) this.doubled.rows += rows;
    if (this.backslash.diedInRow === 0) this.backslash.rows += rows;
    return stop;
  }

  /** To be called once, after the last byte. */
  end(): void {
    this.doubled.complete = Math.floor(this.#state / STATES) === START;
    this.backslash.complete = this.#state % STATES === START;
  }

  #note(events: number, previous: number, offset: number): void {
    if (events & DIFFERS) this.differ = true;
    count(this.doubled, events & 15, previous);
    count(this.backslash, (events >> BACKSLASH_SHIFT) & 15, previous);
    if (this.headerEnd === 0 && (events & ROW || (events >> BACKSLASH_SHIFT) & ROW)) this.headerEnd = offset;
  }
}

/**
 * Finds the places of one byte in a chunk, each once: a Buffer's own search takes less than half the time of a loop over the bytes, but
 * looking for the same far place again and again would make a chunk's time grow with its square.
 */
class Ahead {
  readonly #byte: number;
  #chunk: Buffer = Buffer.alloc(0);
  #at = -1;

  constructor(byte: number) {
    this.#byte = byte;
  }

  begin(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = -1;
  }

  /** The first place at or after a position that never falls within a chunk; the chunk's length when there is none. */
  from(position: number): number {
    if (this.#at >= position) return this.#at;
    const at = this.#chunk.indexOf(this.#byte, position);
    return (this.#at = at < 0 ? this.#chunk.length : at);
  }
}

/** Stops at a quote, a backslash and a line break. */
function skipInside(chunk: Uint8Array, from: number): number {
  let at = from;
  for (; at < chunk.length; at++) {
    const byte = chunk[at]!;
    if (byte === 0x22 || byte === 0x5c || byte === 0x0a) break;
  }
  return at;
}

/** A separator opens the next field; any other byte leaves a reading in a bare field, or inside quotes. */
function afterSkipping(state: number, lastByte: number): number {
  if (WITHIN[state] === 1) return state;
  const place = lastByte === 0x0a || lastByte === 0x2c ? START : BARE;
  const of = (reading: number): number => (reading === DEAD ? DEAD : place);
  return of(Math.floor(state / STATES)) * STATES + of(state % STATES);
}

/** States in which a reading is at one of these places and the other is too, or is over; at least one goes on. */
function statesAt(...places: number[]): Uint8Array {
  const marks = new Uint8Array(STATES * STATES);
  for (const left of [...places, DEAD]) for (const right of [...places, DEAD]) marks[left * STATES + right] = 1;
  marks[DEAD * STATES + DEAD] = 0;
  return marks;
}

function count(reading: Reading, events: number, previous: number): void {
  if (events === 0) return;
  if (events & ROW) {
    reading.rows++;
    if (previous === 13) reading.crlf++;
  }
  if (events & RETURN) reading.returns++;
  if (events & BREAK_IN_FIELD) reading.breaksInFields++;
  if (events & DIES) reading.diedInRow = reading.rows + 1;
}

/** One step of one reading: its next state and what the byte meant. */
function step(state: number, byte: number, escape: Escape): { next: number; events: number } {
  if (state === DEAD) return { next: DEAD, events: 0 };
  if (state === ESCAPED) {
    // COPY takes the character after a backslash as it is only when it is a quote or a backslash; otherwise both stay.
    return { next: INSIDE, events: byte === LF ? BREAK_IN_FIELD : 0 };
  }
  if (state === INSIDE) {
    if (byte === QUOTE) return { next: AT_QUOTE, events: 0 };
    if (byte === BACKSLASH && escape === 'backslash') return { next: ESCAPED, events: 0 };
    return { next: INSIDE, events: byte === LF ? BREAK_IN_FIELD : 0 };
  }
  if (byte === LF) return { next: START, events: ROW };
  if (byte === COMMA) return { next: START, events: 0 };
  if (byte === CR) return { next: BARE, events: RETURN };
  if (byte === QUOTE) {
    if (state === START) return { next: INSIDE, events: 0 };
    if (state === AT_QUOTE && escape === 'doubled') return { next: INSIDE, events: 0 };
    return { next: DEAD, events: DIES };
  }
  // A closing quote must be followed by a separator.
  if (state === AT_QUOTE) return { next: DEAD, events: DIES };
  return { next: BARE, events: 0 };
}

function buildTable(): Uint16Array {
  const table = new Uint16Array((STATES * STATES) << 3);
  for (let doubled = 0; doubled < STATES; doubled++) {
    for (let backslash = 0; backslash < STATES; backslash++) {
      for (let byte = 0; byte < CLASSES; byte++) {
        const left = step(doubled, byte, 'doubled');
        const right = step(backslash, byte, 'backslash');
        const differs = backslash === ESCAPED && (byte === QUOTE || byte === BACKSLASH) ? DIFFERS : 0;
        const events = left.events | (right.events << BACKSLASH_SHIFT) | differs;
        table[((doubled * STATES + backslash) << 3) | byte] = (events << EVENT_SHIFT) | (left.next * STATES + right.next);
      }
    }
  }
  return table;
}

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(256).fill(OTHER);
  classes[0x2c] = COMMA;
  classes[0x22] = QUOTE;
  classes[0x0a] = LF;
  classes[0x0d] = CR;
  classes[0x5c] = BACKSLASH;
  return classes;
}
