/**
 * Rows in the binary format of PostgreSQL's COPY (https://www.postgresql.org/docs/current/sql-copy.html): a head, then
 * of each row the number of its values, and of each value its length and its bytes, then an end.
 */
const HEAD = Buffer.from('PGCOPY\n\u00FF\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const END = -1;
const NOTHING = -1;
/** A chunk is given away once it has so many bytes. */
const CHUNK_BYTES = 64 * 1024;
/** So much room is made at once. */
const SLAB_BYTES = 1024 * 1024;
const UUID_BYTES = 16;
/** Milliseconds from 1970, where JavaScript begins to count, to 2000, where PostgreSQL does. */
const BEGIN_MS = 946_684_800_000;
const MOST_BYTES_A_CHARACTER = 3;

/** Values of hexadecimal digits, by their character. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, '0123456789abcdef'.indexOf(String.fromCodePoint(code))),
);
const DASH = 45;

/** Bytes that grow at their end. */
class Bytes {
  #buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** Of what was not given away yet. */
  #begin = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#begin;
  }

  /** @returns what there is, and begins anew */
  take(): Buffer {
    const taken = this.#buffer.subarray(this.#begin, this.#end);
    this.#begin = this.#end;
    return taken;
  }

  int16(value: number): void {
    this.#end = this.#room(2).writeInt16BE(value, this.#end);
  }

  int32(value: number): void {
    this.#end = this.#room(4).writeInt32BE(value, this.#end);
  }

  /** @param value a safe integer */
  int64(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    this.int32(high);
    this.#end = this.#room(4).writeUInt32BE(value - high * 2 ** 32, this.#end);
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length).set(value, this.#end);
    this.#end += value.length;
  }

  uuid(value: string): void {
    const buffer = this.#room(UUID_BYTES);
    for (let at = 0; at < value.length;) {
      if (value.charCodeAt(at) === DASH) at += 1;
      const [high = 0, low = 0] = [DIGITS[value.charCodeAt(at)], DIGITS[value.charCodeAt(at + 1)]];
      buffer[this.#end] = high * 16 + low;
      this.#end += 1;
      at += 2;
    }
  }

  /** UTF-8, and its length before it. */
  measured(value: string): void {
    const buffer = this.#room(4 + value.length * MOST_BYTES_A_CHARACTER);
    const bytes = buffer.write(value, this.#end + 4, 'utf8');
    this.#end = buffer.writeInt32BE(bytes, this.#end) + bytes;
  }

  #room(bytes: number): Buffer {
    if (this.#end + bytes > this.#buffer.length) {
      const rest = this.#buffer.subarray(this.#begin, this.#end);
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * (rest.length + bytes)));
      this.#buffer.set(rest);
      this.#begin = 0;
      this.#end = rest.length;
    }
    return this.#buffer;
  }
}

/** How values of a type are written: their length and their bytes. */
type Type<Value> = (out: Bytes, value: Value) => void;

export const BYTEA: Type<Uint8Array> = (out, value) => {
  out.int32(value.length);
  out.bytes(value);
};
export const TEXT: Type<string> = (out, value) => out.measured(value);
export const INTEGER: Type<number> = (out, value) => {
  out.int32(4);
  out.int32(value);
};
export const BIGINT: Type<number> = (out, value) => {
  out.int32(8);
  out.int64(value);
};
export const UUID: Type<string> = (out, value) => {
  out.int32(UUID_BYTES);
  out.uuid(value);
};
/** An RFC 3339 moment, to the millisecond. */
export const MOMENT: Type<string> = (out, value) => {
  out.int32(8);
  out.int64((Date.parse(value) - BEGIN_MS) * 1_000);
};

/** A column, and its value in each row. */
export interface Column<Row> {
  readonly name: string;
  readonly write: (out: Bytes, row: Row) => void;
}

/** @param pick the value of a row; `undefined` becomes NULL */
export function column<Row, Value>(
  name: string,
  type: Type<Value>,
  pick: (row: Row) => Value | undefined,
): Column<Row> {
  const write = (out: Bytes, row: Row): void => {
    const value = pick(row);
    if (value === undefined) out.int32(NOTHING);
    else type(out, value);
  };
  return { name, write };
}

/** What is sent after `COPY … FROM STDIN (FORMAT binary)`, piece by piece as it is asked for. */
export function* binaryRows<Row>(
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): Generator<Buffer, void> {
  const out = new Bytes();
  out.bytes(HEAD);
  for (const row of rows) {
    out.int16(columns.length);
    for (const { write } of columns) write(out, row);
    if (out.length >= CHUNK_BYTES) yield out.take();
  }
  out.int16(END);
  yield out.take();
}
