import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { digestsOf, encodingsOf, findAll, LEAST_BYTES, type Needles } from '../../support/needles.ts';
import { Loot } from './loot.ts';
import { NUMBERED, personOf } from './person.ts';
import { TRACED_FIELDS, type TracedField, tracesIn } from './words.ts';

const NUMBERS = /\+33\d{9}|\b\d{4}-\d{2}-\d{2}\b/g;
/** What one would guess, and confirm by a hash. */
const GUESSED: ReadonlySet<TracedField> = new Set(['email', 'telephone', 'familyName', 'password']);
const GZIP = 0x1f_8b;
/** With which every sealed value begins. */
const SEALED = Buffer.from([0xc5, 0x01]);
/** Less than this holds nothing of anybody's, hashes least of all. */
const LEAST_COMPRESSED = 33;
/** So much a compressed value may come to; more is not one of ours. */
const MOST_BYTES = 1_048_576;

/** Looks for what the seeded people have told us, in whatever somebody got hold of. */
export class Search {
  readonly people: number;
  readonly #numbers = new Map<string, { readonly person: number; readonly field: TracedField }>();
  #needles: Needles | undefined;

  /** @param people how many there are, numbered from 0 */
  constructor(people: number) {
    this.people = people;
    for (let person = 0; person < Math.min(people, NUMBERED); person += 1)
      for (const field of ['telephone', 'birthDate'] as const) {
        const number = personOf(person).traces.get(field);
        if (number !== undefined) this.#numbers.set(number, { person, field });
      }
  }

  /** In clear text, such as an answer of the API: quick. */
  inText(text: string): Loot {
    const loot = new Loot();
    for (const { person, field } of tracesIn(text, this.people)) loot.add(person, field);
    for (const [number] of text.matchAll(NUMBERS)) {
      const found = this.#numbers.get(number);
      if (found !== undefined) loot.add(found.person, found.field);
    }
    return loot;
  }

  /**
   * In any bytes: each trace as it is, in hex, base64, UTF-16 and reversed, in small and in capital letters; and the
   * hashes without a key by which whoever has the bytes could see that a guess is right.
   */
  inBytes(bytes: Buffer): { readonly clear: Loot; readonly confirmed: Loot } {
    this.#needles ??= needlesOfAll(this.people);
    return lootOf(findAll(bytes, this.#needles));
  }

  /**
   * The same in more than fits into one buffer, and in the same pass something else.
   * @param parts overlapping by more than anything that is looked for is long
   * @param others under names of one word
   */
  async inParts(
    parts: AsyncIterable<Buffer>,
    others: Needles,
  ): Promise<{ readonly texts: Loot; readonly others: ReadonlySet<string> }> {
    this.#needles ??= needlesOfAll(this.people);
    const needles = new Map([...this.#needles, ...others]);
    const found = new Set<string>();
    for await (const part of parts) for (const name of findAll(part, needles)) found.add(name);
    const { clear: texts, confirmed } = lootOf(found);
    texts.addAll(confirmed);
    return { texts, others: found.intersection(new Set(others.keys())) };
  }

  /** The same: whatever says it, in clear or by a hash. */
  inAnyForm(bytes: Buffer): Loot {
    const { clear, confirmed } = this.inBytes(bytes);
    clear.addAll(confirmed);
    return clear;
  }

  /** In values that may be compressed: each is unpacked in the ways that fit how it begins. */
  inCompressed(values: Iterable<Buffer>): Loot {
    const unpacked: Buffer[] = [];
    for (const value of values)
      for (const decompress of waysToUnpack(value)) {
        const plain = unpack(decompress, value);
        if (plain !== undefined) unpacked.push(plain);
      }
    return this.inBytes(Buffer.concat(unpacked)).clear;
  }
}

/** By the names of needles that were found. */
function lootOf(names: Iterable<string>): { readonly clear: Loot; readonly confirmed: Loot } {
  const [clear, confirmed] = [new Loot(), new Loot()];
  for (const name of names) {
    const [kind, person, text] = name.split(' ');
    const field = TRACED_FIELDS.find((known) => known === text);
    if (field !== undefined) (kind === 'hash' ? confirmed : clear).add(Number(person), field);
  }
  return { clear, confirmed };
}

function needlesOfAll(people: number): Needles {
  const needles = new Map<string, Buffer>();
  for (let person = 0; person < people; person += 1)
    for (const [field, trace] of personOf(person).traces) {
      for (const bytes of waysOf(trace))
        needles.set(`clear ${person} ${field} ${bytes.toString('latin1')}`, bytes);
      if (!GUESSED.has(field)) continue;
      for (const [way, bytes] of digestsOf(trace)) needles.set(`hash ${person} ${field} ${way}`, bytes);
    }
  return needles;
}

/** How a text may lie somewhere, long enough to be told from chance. Many an encoding leaves it as it is. */
function waysOf(trace: string): readonly Buffer[] {
  const letters = [trace.toLowerCase(), trace.toUpperCase()].map((form) => Buffer.from(form));
  return [...encodingsOf(trace).values(), ...letters].filter((bytes) => bytes.length >= LEAST_BYTES);
}

type Decompress = (value: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

/** gzip and zlib say what they are; what is neither sealed nor text may be either of the others. */
function waysToUnpack(value: Buffer): readonly Decompress[] {
  if (value.length < LEAST_COMPRESSED || value.subarray(0, 2).equals(SEALED) || isUtf8(value)) return [];
  const start = value.readUInt16BE(0);
  if (start === GZIP) return [gunzipSync];
  const isZlib = (start & 0x0f_00) === 0x08_00 && start % 31 === 0;
  return isZlib
    ? [inflateSync, inflateRawSync, brotliDecompressSync]
    : [inflateRawSync, brotliDecompressSync];
}

function unpack(decompress: Decompress, value: Buffer): Buffer | undefined {
  try {
    return decompress(value, { maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}
