import { createHash } from 'node:crypto';

/** Bytes to look for, by what they are. */
export type Needles = ReadonlyMap<string, Buffer>;

/** Shorter than this, bytes are found by chance among the millions of random ones that a copy is made of. */
export const LEAST_BYTES = 7;

const HASHES = ['md5', 'sha1', 'sha256', 'sha512'] as const;

/** A text as people and search functions write it: as it is, in small and capital letters, without its accents. */
function formsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return [...new Set([text, text.toLowerCase(), text.toUpperCase(), plain, text.normalize('NFD')])];
}

/** The ways in which a text could lie in a copy. */
export function encodingsOf(text: string): Needles {
  const bytes = Buffer.from(text, 'utf8');
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Map([
    ...wrappingsOf('UTF-8', bytes),
    ...(json === text ? [] : wrappingsOf('JSON escapes', Buffer.from(json))),
    ...(ascii === json ? [] : wrappingsOf('ASCII JSON escapes', Buffer.from(ascii))),
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['percent encoding', Buffer.from(encodeURIComponent(text))],
    ['reversed', Buffer.from([...bytes].toReversed())],
  ]);
}

/** Bytes as they are, in hex and in base64. */
export function wrappingsOf(name: string, bytes: Buffer): [string, Buffer][] {
  const hex = bytes.toString('hex');
  return [
    [name, bytes],
    [`${name} in hex`, Buffer.from(hex)],
    [`${name} in upper-case hex`, Buffer.from(hex.toUpperCase())],
    ...base64Of(name, 'base64', bytes),
    ...base64Of(name, 'base64url', bytes),
  ];
}

/** Whatever stands before the text shifts base64 by 0, 1 or 2 bytes; the inner part is the same whatever surrounds it. */
function base64Of(name: string, alphabet: 'base64' | 'base64url', bytes: Buffer): [string, Buffer][] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString(alphabet);
    const inner = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return [`${name} in ${alphabet}, shifted by ${shift}`, Buffer.from(inner)];
  });
}

/** Hashes without a key, by which a guess at the text could be confirmed. */
export function digestsOf(text: string): Needles {
  return new Map(
    HASHES.flatMap((name) => {
      const digest = createHash(name).update(text).digest();
      return [
        [name, digest],
        [`${name} in hex`, Buffer.from(digest.toString('hex'))],
        [`${name} in base64`, Buffer.from(digest.toString('base64').replace(/.=*$/, ''))],
        [`${name} in base64url`, Buffer.from(digest.toString('base64url').slice(0, -1))],
      ] as const;
    }),
  );
}

/** Every form of a text in every encoding that is long enough to be told from chance. */
export function needlesOf(text: string): Needles {
  const needles = new Map<string, Buffer>();
  for (const form of formsOf(text)) {
    for (const [encoding, bytes] of encodingsOf(form)) {
      if (bytes.length >= LEAST_BYTES) needles.set(`${form} as ${encoding}`, bytes);
    }
  }
  return needles;
}

// Taken once: a test's globals are slow to reach, and this is called for every byte.
const { imul } = Math;
const SPREAD = 0x9e_37_79_b1;
/** So many slots for each needle that hardly any other bytes fall into one; a million at least, as a power of two. */
const slotBits = (needles: number): number => Math.max(20, Math.min(24, Math.ceil(Math.log2(needles * 32))));

/** By the four bytes that they begin with, and the three after those. */
type ByStart = Map<number, Map<number, [name: string, needle: Buffer][]>>;

function byStartOf(needles: Needles): ByStart {
  const byStart: ByStart = new Map();
  for (const [name, needle] of needles) {
    if (needle.length < LEAST_BYTES) throw new Error(`${name} is too short to look for.`);
    const [word, next] = [needle.readInt32BE(0), needle.readUIntBE(4, 3)];
    const those = byStart.get(word) ?? new Map<number, [string, Buffer][]>();
    byStart.set(word, those.set(next, those.get(next) ?? []));
    those.get(next)?.push([name, needle]);
  }
  return byStart;
}

interface Prepared {
  readonly byStart: ByStart;
  readonly shift: number;
  /** Whether any needle begins with four bytes that fall here. */
  readonly mayStart: Uint8Array;
}

/** Needles are looked for in many places, and do not change. */
const prepared = new WeakMap<Needles, Prepared>();

function prepare(needles: Needles): Prepared {
  const known = prepared.get(needles);
  if (known !== undefined) return known;
  const byStart = byStartOf(needles);
  const shift = 32 - slotBits(needles.size);
  const mayStart = new Uint8Array(2 ** (32 - shift));
  for (const word of byStart.keys()) mayStart[imul(word, SPREAD) >>> shift] = 1;
  const made = { byStart, shift, mayStart };
  prepared.set(needles, made);
  return made;
}

/** The names of those needles that are somewhere in the bytes; one pass, however many needles there are. */
export function findAll(bytes: Buffer, needles: Needles): string[] {
  const { byStart, shift, mayStart } = prepare(needles);
  const found = new Set<string>();
  let word = 0;
  for (let at = 0; at + 3 < bytes.length; at += 1) {
    word = (word << 8) | (bytes[at] ?? 0);
    if (mayStart[imul(word, SPREAD) >>> shift] === 0) continue;
    const start = at - 3;
    const next = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    for (const [name, needle] of byStart.get(word)?.get(next) ?? []) {
      const after = start + needle.length;
      const fits = start >= 0 && after <= bytes.length;
      if (fits && bytes.compare(needle, 0, needle.length, start, after) === 0) found.add(name);
    }
  }
  return [...found].toSorted();
}
