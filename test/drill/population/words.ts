/** Whatever a seeded person tells us that can be told apart from what anybody else tells: one word each. */
export const TRACED_FIELDS = [
  'givenName',
  'familyName',
  'email',
  'telephone',
  'birthDate',
  'birthPlace',
  'address',
  'accommodations',
  'education',
  'experience',
  'motivation',
  'answers',
  /** The name of a file, and what stands in it. */
  'documents',
  /** What logs somebody in: never personal data, never to be found by anybody. */
  'password',
  'totpSecret',
] as const;
export type TracedField = (typeof TRACED_FIELDS)[number];

const CONSONANTS = 'bcdfghjklmnpqrstvwxz';
const VOWELS = 'aeiou';
const SYLLABLES = 5;
/** Words there are: five syllables of a hundred. */
const WORDS = 100n ** BigInt(SYLLABLES);
/** Prime to the number of words: two numbers never have the same word, and neighbours look nothing alike. */
const FACTOR = 6_180_339_887n;
const INVERSE = inverseOf(FACTOR, WORDS);

/** A letter run of a word's length that is in no longer one. */
const CANDIDATES = /(?<![\p{L}])[a-z]{10}(?![\p{L}])/giu;

/** Whose word it is, and what it stands in. */
export interface Trace {
  readonly person: number;
  readonly field: TracedField;
}

/** The word of one field of one person: ten letters that nobody else has, such as `kadolumina`. */
export function wordOf(person: number, field: TracedField): string {
  let number = (BigInt(person * TRACED_FIELDS.length + TRACED_FIELDS.indexOf(field) + 1) * FACTOR) % WORDS;
  let word = '';
  for (let at = 0; at < SYLLABLES; at += 1) {
    const syllable = Number(number % 100n);
    word +=
      (CONSONANTS[Math.floor(syllable / VOWELS.length)] ?? '') + (VOWELS[syllable % VOWELS.length] ?? '');
    number /= 100n;
  }
  return word;
}

/** Every word of somebody in a text, however it is written. @param people how many there are */
export function tracesIn(text: string, people: number): Trace[] {
  return Array.from(text.matchAll(CANDIDATES), ([word]) => traceOf(word.toLowerCase(), people)).filter(
    (trace) => trace !== undefined,
  );
}

function traceOf(word: string, people: number): Trace | undefined {
  let number = 0n;
  for (let at = SYLLABLES - 1; at >= 0; at -= 1) {
    const [consonant, vowel] = [
      CONSONANTS.indexOf(word[2 * at] ?? ''),
      VOWELS.indexOf(word[2 * at + 1] ?? ''),
    ];
    if (consonant < 0 || vowel < 0) return undefined;
    number = number * 100n + BigInt(consonant * VOWELS.length + vowel);
  }
  const place = Number((number * INVERSE) % WORDS) - 1;
  const person = Math.floor(place / TRACED_FIELDS.length);
  const field = TRACED_FIELDS[place % TRACED_FIELDS.length];
  return place < 0 || person >= people || field === undefined ? undefined : { person, field };
}

function inverseOf(factor: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [factor, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  if (a !== 1n) throw new Error('The factor has no inverse.');
  return ((x % modulus) + modulus) % modulus;
}
