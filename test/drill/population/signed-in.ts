import { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { Authenticator } from '../../../tools/client/authenticator.ts';
import type { Candidate } from './candidate.ts';
import { type Person, personOf } from './person.ts';
import type { DrilledAgency } from './population.ts';

const HISTORY = '/v1/me/access-history?limit=100';
const STEP_MS = 30_000;
/** A code counts once, and the one before and after are good as well. */
const STEPS = [-STEP_MS, 0, STEP_MS] as const;

/**
 * Applicants of an agency who are somebody, in their order. A code counts once, so whoever has just
 * signed in for one row is not the one who does for the next.
 */
export const peopleAt = (agency: DrilledAgency | undefined): readonly Candidate[] =>
  agency?.applicants.filter(({ isCanary }) => !isCanary) ?? [];

/** A seeded candidate at their own program, signed in with everything that they have. */
export class SignedIn {
  readonly client: PersonClient;
  readonly person: Person;
  readonly #authenticator: Authenticator;
  #lastCode = '';

  private constructor(url: string, person: Person) {
    this.client = new PersonClient(url);
    this.person = person;
    this.#authenticator = new Authenticator(person.totpSecret);
  }

  static async as({ person }: Candidate, url: string): Promise<SignedIn> {
    const own = new SignedIn(url, personOf(person));
    admitted(await own.#withFreshCode('/v1/sessions', signInOf(own.person)));
    return own;
  }

  /** What a sign-in with everything that they have is answered at last. */
  static async tried(person: Person, url: string): Promise<number> {
    return new SignedIn(url, person).#withFreshCode('/v1/sessions', signInOf(person));
  }

  /** With which they came in: used up. */
  get lastCode(): string {
    return this.#lastCode;
  }

  /** Gives a fresh second factor. */
  async stepUp(): Promise<void> {
    admitted(await this.#withFreshCode('/v1/sessions/step-up', {}));
  }

  /** The newest of who has read or tried what of theirs. */
  async accessHistory(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return listOf(record((await this.client.request(HISTORY)).body)['items']);
  }

  /** The incidents that stand beside it. */
  async ownIncidents(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return listOf(record((await this.client.request(HISTORY)).body)['incidents']);
  }

  /** @returns the status of the last answer */
  async #withFreshCode(path: string, body: object): Promise<number> {
    let last = 0;
    for (const step of STEPS) {
      const code = await this.#authenticator.code(Date.now() + step);
      const { status, body: answer } = await this.client.request(path, { body: { ...body, code } });
      last = status;
      if (status !== 200 && status !== 201) continue;
      this.#lastCode = code;
      this.client.useToken(String(record(answer)['token']));
      break;
    }
    return last;
  }
}

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(record) : [];

const signInOf = ({ email, password }: Person) => ({ email, password, transport: 'token' });

function admitted(status: number): void {
  if (status !== 200 && status !== 201) throw new Error(`Whoever has every factor is answered ${status}.`);
}
