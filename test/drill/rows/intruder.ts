import type { Exchange, RequestOptions } from '../../../tools/client/exchange.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { Loot } from '../population/loot.ts';
import type { Search } from '../population/search.ts';
import type { TracedField } from '../population/words.ts';
import type { Attempt } from './row.ts';

/** What an attempt may come to without contradicting the promise. */
export interface Expected {
  readonly isHarmless: (exchange: Exchange) => boolean;
  /** Whose fields may stand in the answers; nobody's, unless told. */
  readonly mayLearn?: (person: number, field: TracedField) => boolean;
}

export const isRefusal = ({ status }: Exchange): boolean => status >= 400 && status < 500;

/** Whoever asks the API for what is not theirs. Whatever is answered is looked through for what people have told us. */
export class Intruder {
  readonly client: PersonClient;
  readonly #search: Search;
  #answers: Exchange[] = [];
  #loot = new Loot();

  /** @param token of a session, or what is tried as one */
  constructor({ search, url }: { readonly search: Search; readonly url: string }, token?: string) {
    this.#search = search;
    this.client = new PersonClient(url);
    this.client.useToken(token);
  }

  ask(path: string, options: RequestOptions = {}): Promise<Exchange> {
    return this.askWith(this.client, path, options);
  }

  /** @param client what asks instead of `client`, such as at another process */
  async askWith(client: PersonClient, path: string, options: RequestOptions = {}): Promise<Exchange> {
    const exchange = await client.request(path, options);
    const { body } = exchange;
    this.#answers.push(exchange);
    this.#loot.addAll(
      Buffer.isBuffer(body)
        ? this.#search.inAnyForm(body)
        : this.#search.inText(typeof body === 'string' ? body : JSON.stringify(body ?? '')),
    );
    return exchange;
  }

  /** Requests that belong together, and what contradicts the promise in what they were answered. */
  async attempt(
    tried: string,
    work: () => Promise<unknown>,
    { isHarmless, mayLearn = () => false }: Expected,
  ): Promise<Attempt> {
    this.#answers = [];
    this.#loot = new Loot();
    await work();
    const beyond = this.#loot.beyond(mayLearn);
    return {
      tried: `${tried}: ${counted(this.#answers)}`,
      obtained: this.#loot,
      breaches: [
        ...harms(this.#answers.filter((answer) => !isHarmless(answer))),
        ...(beyond.people.size === 0 ? [] : [`More than the promise names: ${beyond.describe()}.`]),
      ],
    };
  }
}

/** One sentence for each method and status. */
const harms = (answers: readonly Exchange[]): readonly string[] =>
  [...Map.groupBy(answers, ({ method, status }) => `${method} ${status}`).values()].flatMap(
    ([first, ...others]) =>
      first === undefined
        ? []
        : [
            `${first.method} ${first.path} was answered ${first.status}${others.length === 0 ? '' : `, and ${others.length} other(s) likewise`}.`,
          ],
  );

/** `50 × 200, 1 × 429`. */
function counted(answers: readonly Exchange[]): string {
  const byStatus = Map.groupBy(answers, ({ status }) => status);
  return [...byStatus]
    .toSorted(([one], [other]) => one - other)
    .map(([status, { length }]) => `${length} × ${status}`)
    .join(', ');
}
