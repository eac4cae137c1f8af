/** What an authenticator writes in CBOR (RFC 8949): integers, byte strings, texts, and maps in the order given. */
export type Cbor = number | string | Buffer | ReadonlyMap<number | string, Cbor>;

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, map: 5 } as const;

export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number')
    return value >= 0 ? head(MAJOR.unsigned, value) : head(MAJOR.negative, -1 - value);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(MAJOR.bytes, value.length), value]);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return Buffer.concat([head(MAJOR.text, text.length), text]);
  }
  const entries = [...value].flatMap(([key, entry]) => [encodeCbor(key), encodeCbor(entry)]);
  return Buffer.concat([head(MAJOR.map, value.size), ...entries]);
}

/** Major type and argument (§3), the argument as short as it can be. */
function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.of(type | argument);
  if (argument < 0x1_00) return Buffer.of(type | 24, argument);
  const wide = Buffer.alloc(3);
  wide.writeUInt8(type | 25);
  wide.writeUInt16BE(argument, 1);
  return wide;
}
