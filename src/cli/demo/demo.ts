import type { Clock } from '../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import type { Agencies, Agency } from '../../modules/agencies/index.js';
import type { Vacancies } from '../../modules/vacancies/index.js';
import type { Database } from '../../platform/database/database.js';
import { DEMO_AGENCIES } from './demo-data.js';

export interface LoadedDemo {
  readonly agencies: readonly Agency[];
  readonly vacancies: number;
}

const DAY_MS = 24 * 3_600_000;

/** Agencies and vacancies for trying out, in a database that has none. */
export class Demo {
  readonly #database: Database;
  readonly #agencies: Agencies;
  readonly #vacancies: Vacancies;
  readonly #clock: Clock;

  constructor(database: Database, agencies: Agencies, vacancies: Vacancies, clock: Clock) {
    this.#database = database;
    this.#agencies = agencies;
    this.#vacancies = vacancies;
    this.#clock = clock;
  }

  /** @returns `undefined` when there are agencies already: nothing is added to real data */
  async load(context: RequestContext<SystemActor>): Promise<LoadedDemo | undefined> {
    const rows: unknown[] = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('SELECT 1 FROM agencies.agency LIMIT 1'),
    );
    if (rows.length > 0) return undefined;
    const agencies: Agency[] = [];
    let vacancies = 0;
    for (const { name, vacancies: wanted } of DEMO_AGENCIES) {
      const agency = await this.#agencies.create(context, { name });
      agencies.push(agency);
      for (const { openDays, ...content } of wanted) {
        const last = new Date(this.#clock.now().getTime() + openDays * DAY_MS);
        const deadline = last.toISOString().slice(0, 10);
        await this.#vacancies.createPublished(context, agency.id, { ...content, deadline });
        vacancies += 1;
      }
    }
    return { agencies, vacancies };
  }
}
