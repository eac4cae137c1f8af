import { isUtf8 } from 'node:buffer';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { PersonClient } from '../../../tools/client/person.ts';
import { signUpCandidate } from '../../support/actors.js';
import { type Cell, cellsOf } from '../../support/copy.js';
import { type Reachable, startSceau } from '../../support/sceau.js';
import { Loot } from '../population/loot.ts';
import { personOf } from '../population/person.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import type { Attempt } from './row.ts';

const KEY_BYTES = { least: 16, most: 80 } as const;
const INDEX_BYTES = 32;
/** Of whom the thief guesses the address. */
const GUESSED_PEOPLE = 3;
/** Less than this is the same by chance. */
const LEAST_BYTES = 8;
/** As which a hash may stand within a text: longer than a date. */
const WORD = /[\w+/=-]{16,}/g;

/** An index of addresses is of no use to whoever has no key of it: every value that could be one is tried, as a key and as a salt. */
export function keyedGuesses(cells: readonly Cell[]): Attempt {
  const keys = new Set(
    cells
      .filter(({ value: { length } }) => length >= KEY_BYTES.least && length <= KEY_BYTES.most)
      .map(({ value }) => value.toString('hex')),
  );
  const indexes = new Set(
    cells.filter(({ value }) => value.length === INDEX_BYTES).map(({ value }) => value.toString('hex')),
  );
  const obtained = new Loot();
  for (let person = 0; person < GUESSED_PEOPLE; person += 1) {
    const { email } = personOf(person);
    for (const hex of keys) {
      const key = Buffer.from(hex, 'hex');
      const guesses = [
        createHmac('sha256', key).update(email),
        createHash('sha256').update(key).update(email),
        createHash('sha256').update(email).update(key),
      ];
      if (guesses.some((guess) => indexes.has(guess.digest('hex')))) obtained.add(person, 'email');
    }
  }
  return {
    tried: `${GUESSED_PEOPLE} guessed addresses confirmed by SHA-256 and HMAC-SHA-256 with each of ${keys.size} values that could be its key or its salt: ${obtained.people.size} found`,
    obtained,
    breaches: obtained.people.size === 0 ? [] : [`Confirmed: ${obtained.describe()}.`],
  };
}

/**
 * What a guess leaves in another installation, with other keys: whatever of it stands in the copy as well, anybody can
 * make who knows how the product does, and so confirm the guess. What any address leaves there is left out.
 * @param cells of the copy, before anybody has used the address
 */
export async function sameElsewhere(system: DrilledSystem, cells: readonly Cell[]): Promise<Attempt> {
  const elsewhere = await startSceau();
  try {
    const [guess, any] = [addressOfChance(), addressOfChance()];
    await usedBySomebody(elsewhere, any);
    const usual = valuesOf(await cellsOf(elsewhere.database)).union(valuesOf(cells));
    await usedBySomebody(elsewhere, guess);
    const own = valuesOf(await cellsOf(elsewhere.database)).difference(usual);
    await usedBySomebody(system, guess);
    const same = own.intersection(valuesOf(await cellsOf(system.database)));
    return {
      tried: `one address used alike here and in another installation, with other keys: of the ${own.size} values that it has left there ${same.size} stand in the copy`,
      obtained: new Loot(),
      breaches: [
        ...(own.size === 0 ? ['The address has left nothing there, so nothing was compared.'] : []),
        ...(same.size === 0
          ? []
          : [`Whatever the keys are, ${same.size} value(s) tell of a guess whether it is right.`]),
      ],
    };
  } finally {
    await elsewhere.stop();
  }
}

const addressOfChance = (): string => `devine.${randomBytes(8).toString('hex')}@example.fr`;

/** An account, and at every door for strangers that asks for an address. */
async function usedBySomebody(place: Reachable, email: string): Promise<void> {
  const { password } = await signUpCandidate(place, email);
  const stranger = new PersonClient(place.url);
  const asked = { email, password, code: '000000', transport: 'token' };
  await stranger.request('/v1/sessions', { body: asked });
  await stranger.request('/v1/password/forgotten', { body: { email } });
  await stranger.request('/v1/registrations', { body: { email, password, locale: 'fr' } });
}

/** Bytes as they are, and the words of what is text. */
function valuesOf(cells: readonly Cell[]): ReadonlySet<string> {
  const values = new Set<string>();
  for (const { value } of cells) {
    const text = value.toString('latin1');
    if (!isUtf8(value) && value.length >= LEAST_BYTES) values.add(text);
    for (const [word] of text.matchAll(WORD)) values.add(word);
  }
  return values;
}
