import { Injectable } from '@nestjs/common';
import { type AgencyId, type ClientId, parseId } from '../../../kernel/ids.js';
import { Exposures, type LedgerFilter } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Agencies, Clients } from '../../agencies/index.js';
import type { Criteria } from '../criteria.js';

/** An agency by whose programs something of an incident was done, or that its criteria name. */
export interface AccessingAgency {
  /** Its id where the product knows no name. */
  readonly name: string;
  /** Ids of its clients that are in question. */
  readonly clients: readonly string[];
}

/** Says which agencies an incident is about, for whoever has to name them. */
@Injectable()
export class AccessingAgencies {
  readonly #exposures: Exposures;
  readonly #clients: Clients;
  readonly #agencies: Agencies;
  readonly #database: Database;

  constructor(exposures: Exposures, clients: Clients, agencies: Agencies, database: Database) {
    this.#exposures = exposures;
    this.#clients = clients;
    this.#agencies = agencies;
    this.#database = database;
  }

  /** By name. What was only tried, and refused, is not counted. */
  async of({ agency, client }: Criteria, filter: LedgerFilter): Promise<readonly AccessingAgency[]> {
    const found = new Map<AgencyId, Set<string>>();
    const add = (id: AgencyId | undefined, program: readonly string[]): void => {
      if (id !== undefined) found.set(id, new Set([...(found.get(id) ?? []), ...program]));
    };
    for (const { agencyId, actorId } of await this.#exposures.actors({ ...filter, outcome: 'allowed' }))
      add(parseId<AgencyId>(agencyId ?? ''), [actorId]);
    add(parseId<AgencyId>(agency ?? ''), []);
    const named = parseId<ClientId>(client ?? '');
    if (named !== undefined) for (const id of await this.#clients.agenciesOf([named])) add(id, [named]);
    const names = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#agencies.names(manager, [...found.keys()]),
    );
    return Array.from(found, ([id, clients]) => ({
      name: names.get(id) ?? id,
      clients: [...clients].toSorted(),
    })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}
