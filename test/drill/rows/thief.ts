import { AgencyClient } from '../../../tools/client/agency.ts';
import type { Exchange, RequestOptions } from '../../../tools/client/exchange.ts';
import { record } from '../../support/actors.js';
import { Loot } from '../population/loot.ts';
import type { DrilledAgency } from '../population/population.ts';
import { Accesses } from '../system/accesses.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import type { Attempt } from './row.ts';

const APPLICATIONS = '/v1/agency/applications';
const SCOPES = ['applications:read', 'applications:decide', 'vacancies:read'] as const;
/** Requests under way at once: more make nothing faster on loopback. */
const AT_ONCE = 8;
const PAGE = 100;

/** Whoever has an agency's private key, with a key of their own for DPoP. Keeps what every answer has given away. */
export class Thief {
  readonly system: DrilledSystem;
  readonly agency: DrilledAgency;
  readonly since = new Date();
  readonly loot = new Loot();
  readonly accesses = new Accesses();
  /** When each person was obtained for the first time, in milliseconds since 1970. */
  readonly #times = new Map<number, number>();
  readonly #clients: AgencyClient[] = [];

  constructor(system: DrilledSystem, agency: DrilledAgency) {
    this.system = system;
    this.agency = agency;
  }

  /** Gets an access token with the stolen key. @returns whether there was one */
  async comeIn(url = this.system.url): Promise<boolean> {
    try {
      const client = await AgencyClient.connect(url, this.agency.credentials);
      await client.authorise(SCOPES);
      this.#clients.unshift(client);
      return true;
    } catch {
      return false;
    }
  }

  async ask(path: string, options: RequestOptions = {}): Promise<Exchange> {
    const [client] = this.#clients;
    if (client === undefined) throw new Error('The thief has no token.');
    const askedAt = Date.now();
    const exchange = await client.request(path, options);
    const { body } = exchange;
    const text = Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body ?? '');
    this.#keep(this.system.search.inText(text), askedAt);
    return exchange;
  }

  read(application: string, purpose: string, fields?: string): Promise<Exchange> {
    const query = fields === undefined ? '' : `?fields=${fields}`;
    return this.ask(`${APPLICATIONS}/${application}${query}`, { headers: { purpose } });
  }

  readMany(ids: readonly string[], purpose: string, fields?: readonly string[]): Promise<Exchange> {
    return this.ask(`${APPLICATIONS}/disclosures`, { body: { ids, purpose, ...(fields ? { fields } : {}) } });
  }

  /** Reads an application, then each document that it came with. */
  async readWithDocuments(application: string, purpose: string): Promise<readonly Exchange[]> {
    const answers = [await this.read(application, purpose)];
    const { documents } = record(record(answers[0]?.body ?? {})['fields'] ?? {});
    for (const document of Array.isArray(documents) ? documents : []) {
      const path = `${APPLICATIONS}/${application}/documents/${String(record(document)['id'])}`;
      answers.push(await this.ask(path, { headers: { purpose } }));
    }
    return answers;
  }

  /** Every application of the agency's, with its stage, by the list that shows nothing personal. */
  async list(): Promise<readonly { readonly id: string; readonly status: string }[]> {
    const found: { id: string; status: string }[] = [];
    let cursor = '';
    for (;;) {
      const { status, body } = await this.ask(`${APPLICATIONS}?limit=${PAGE}${cursor}`);
      if (status !== 200) return found;
      const { items, nextCursor } = record(body);
      for (const item of Array.isArray(items) ? items : []) {
        const { id, status: stage } = record(item);
        found.push({ id: String(id), status: String(stage) });
      }
      if (typeof nextCursor !== 'string') return found;
      cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
    }
  }

  /** @returns what this work has brought that was not there before, as one attempt */
  async attempt(
    tried: (answers: ReadonlyMap<number, number>) => string,
    work: () => Promise<readonly Exchange[]>,
  ): Promise<Attempt> {
    const before = new Loot();
    before.addAll(this.loot);
    const answers = await work();
    const counts = new Map<number, number>();
    for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
    const obtained = this.loot.beyond((person, field) => before.fieldsOf(person).has(field));
    return { tried: tried(counts), obtained, breaches: [] };
  }

  /** People obtained up to a moment. */
  exposedBy(moment: Date): number {
    return [...this.#times.values()].filter((at) => at <= moment.getTime()).length;
  }

  #keep(found: Loot, askedAt: number): void {
    const now = Date.now();
    this.accesses.add(found.people, askedAt, now);
    for (const person of found.people) if (!this.#times.has(person)) this.#times.set(person, now);
    this.loot.addAll(found);
  }
}

/** Does all of it at full speed, and stops soon after the first answer that says so. */
export async function atFullSpeed<T>(
  wishes: readonly T[],
  ask: (wish: T) => Promise<Exchange>,
  isOver: (exchange: Exchange) => boolean = () => false,
): Promise<readonly Exchange[]> {
  const rest = [...wishes];
  const answers: Exchange[] = [];
  let over = false;
  const work = async (): Promise<void> => {
    for (let wish = rest.shift(); wish !== undefined && !over; wish = rest.shift()) {
      const answer = await ask(wish);
      answers.push(answer);
      over ||= isOver(answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

/** `200: 50, 429: 1`. */
export const counted = (answers: ReadonlyMap<number, number>): string =>
  [...answers]
    .toSorted(([one], [other]) => one - other)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
