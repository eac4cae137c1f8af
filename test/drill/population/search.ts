import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { digestsOf, encodingsOf, findAll, LEAST_BYTES, type Needles } from '../../support/needles.ts';
import { Loot } from './loot.ts';
import { personOf } from './person.ts';
import { type TracedField, tracesIn } from './words.ts';

const NUMBERS = /\+33\d{9}|\b\d{4}-\d{2}-\d{2}\b/g;
/** What one would guess, and confirm by a hash. */
const GUESSED: ReadonlySet<TracedField> = new Set(['email', 'telephone', 'familyName', 'password']);
const DECOMPRESSIONS = [gunzipSync, inflateSync, inflateRawSync, brotliDecompressSync] as const;
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
    for (let person = 0; person < people; person += 1)
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
   * In any bytes: each trace as it is, in small and capital letters, in hex, base64, UTF-16, percent encoding and
   * reversed, and the hashes without a key by which a guess at an address, number or name could be confirmed.
   */
  inBytes(bytes: Buffer): Loot {
    this.#needles ??= needlesOfAll(this.people);
    const loot = new Loot();
    for (const name of findAll(bytes, this.#needles)) {
      const [person, field] = name.split(' ');
      for (const [known] of personOf(Number(person)).traces)
        if (known === field) loot.add(Number(person), known);
    }
    return loot;
  }

  /** In values that may be compressed: each is unpacked in every way that Node knows. */
  inCompressed(values: Iterable<Buffer>): Loot {
    const unpacked: Buffer[] = [];
    for (const value of values)
      for (const decompress of DECOMPRESSIONS) {
        const plain = unpack(decompress, value);
        if (plain !== undefined) unpacked.push(plain);
      }
    return this.inBytes(Buffer.concat(unpacked));
  }
}

function needlesOfAll(people: number): Needles {
  const needles = new Map<string, Buffer>();
  for (let person = 0; person < people; person += 1)
    for (const [field, trace] of personOf(person).traces) {
      const hashes = GUESSED.has(field) ? digestsOf(trace).values() : [];
      for (const bytes of [...waysOf(trace), ...hashes])
        needles.set(`${person} ${field} ${bytes.toString('latin1')}`, bytes);
    }
  return needles;
}

/** How a text may lie somewhere, long enough to be told from chance. Many an encoding leaves it as it is. */
function waysOf(trace: string): readonly Buffer[] {
  const forms = [...new Set([trace, trace.toLowerCase(), trace.toUpperCase()])];
  return forms
    .flatMap((form) => [...encodingsOf(form).values()])
    .filter((bytes) => bytes.length >= LEAST_BYTES);
}

function unpack(decompress: (typeof DECOMPRESSIONS)[number], value: Buffer): Buffer | undefined {
  try {
    return decompress(value, { maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}
