import { Injectable } from '@nestjs/common';
import { type Bilingual, Failure, type FieldError } from '../../kernel/errors.js';
import { type AgencyId, type ClientId, parseId, type SessionId } from '../../kernel/ids.js';
import { LedgerReader } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { Agencies, Clients } from '../agencies/index.js';
import { SessionTermination } from '../identity/index.js';
import type { Criteria } from './criteria.js';

const NAMED = ['client', 'agency', 'session'] as const;
type Named = (typeof NAMED)[number];

const UNKNOWN: Readonly<Record<Named, Bilingual>> = {
  client: {
    en: 'No client has or had this id: is it another kind’s?',
    fr: 'Aucun client n’a ni n’a eu cet identifiant : est-il d’une autre nature ?',
  },
  agency: {
    en: 'No agency has this id: is it another kind’s?',
    fr: 'Aucun organisme n’a cet identifiant : est-il d’une autre nature ?',
  },
  session: {
    en: 'No session has or had this id: is it another kind’s?',
    fr: 'Aucune session n’a ni n’a eu cet identifiant : est-il d’une autre nature ?',
  },
};

/** Refuses ids that nothing has: an incident about them would affect nobody, and sound the all-clear. */
@Injectable()
export class KnownCriteria {
  readonly #database: Database;
  readonly #agencies: Agencies;
  readonly #clients: Clients;
  readonly #sessions: SessionTermination;
  readonly #reader: LedgerReader;

  constructor(
    database: Database,
    agencies: Agencies,
    clients: Clients,
    sessions: SessionTermination,
    reader: LedgerReader,
  ) {
    this.#database = database;
    this.#agencies = agencies;
    this.#clients = clients;
    this.#sessions = sessions;
    this.#reader = reader;
  }

  /** @throws Failure `invalid_request` that names each that neither the product nor its ledger knows */
  async require(criteria: Criteria): Promise<void> {
    const unknown: FieldError[] = [];
    for (const name of NAMED) {
      const id = criteria[name];
      if (id === undefined || (await this.#isThere(name, id))) continue;
      // Sessions that have ended are in the ledger alone.
      if ((await this.#reader.list({ [name]: id }, 1)).length > 0) continue;
      unknown.push({ pointer: `/${name}`, code: 'unknown', detail: UNKNOWN[name] });
    }
    if (unknown.length > 0) throw new Failure('invalid_request', { fields: unknown });
  }

  async #isThere(name: Named, text: string): Promise<boolean> {
    switch (name) {
      case 'client': {
        const id = parseId<ClientId>(text);
        return id !== undefined && (await this.#clients.agenciesOf([id])).length > 0;
      }
      case 'session': {
        const id = parseId<SessionId>(text);
        return (await this.#sessions.withSessions(new Map(), id)).length > 0;
      }
      case 'agency': {
        const id = parseId<AgencyId>(text);
        if (id === undefined) return false;
        return this.#database.run(
          { kind: 'system' },
          async (manager) => (await this.#agencies.names(manager, [id])).size > 0,
        );
      }
    }
  }
}
