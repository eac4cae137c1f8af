import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { type AgencyId, newId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { SubjectKeys } from '../../sealing/index.js';
import { AgencyEntity } from './persistence/agency.entity.js';

export interface Agency {
  readonly id: AgencyId;
  readonly name: string;
}

/** Recruiting agencies. */
@Injectable()
export class Agencies {
  readonly #database: Database;
  readonly #keys: SubjectKeys;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, keys: SubjectKeys, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#keys = keys;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** @throws Failure `invalid_request` for a name of less than 2 or more than 200 characters */
  async create(context: RequestContext, { name }: { readonly name: string }): Promise<Agency> {
    const trimmed = name.trim();
    if (trimmed.length < 2 || trimmed.length > 200) {
      throw new Failure('invalid_request', { detail: 'An agency’s name has 2 to 200 characters.' });
    }
    const now = this.#clock.now();
    const id: AgencyId = newId<'agency'>(now.getTime());
    await this.#keys.create(id);
    await this.#database.run({ kind: 'system' }, async (manager) => {
      await manager.getRepository(AgencyEntity).insert({ id, name: trimmed, createdAt: now });
      await this.#ledger.stage(manager, { action: 'agency.created', context, resource: id, agency: id });
    });
    return { id, name: trimmed };
  }

  /** Names by id, as far as the transaction's scope may know them. */
  async names(manager: EntityManager, ids: readonly AgencyId[]): Promise<ReadonlyMap<AgencyId, string>> {
    if (ids.length === 0) return new Map();
    const agencies = await manager.getRepository(AgencyEntity).findBy({ id: In([...new Set(ids)]) });
    return new Map(agencies.map((agency) => [agency.id, agency.name]));
  }
}
