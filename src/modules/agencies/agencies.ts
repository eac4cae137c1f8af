import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { type AgencyId, newId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { SubjectKeys } from '../../sealing/index.js';
import type { AgencyMode } from './agency-mode.js';
import { AgencyModes } from './agency-modes.js';
import { AgencyEntity } from './persistence/agency.entity.js';

export interface Agency {
  readonly id: AgencyId;
  readonly name: string;
}

export interface NewAgency {
  readonly name: string;
  /** For good. */
  readonly mode?: AgencyMode;
}

/** Recruiting agencies. */
@Injectable()
export class Agencies {
  readonly #database: Database;
  readonly #keys: SubjectKeys;
  readonly #ledger: Ledger;
  readonly #modes: AgencyModes;
  readonly #clock: Clock;

  constructor(database: Database, keys: SubjectKeys, ledger: Ledger, modes: AgencyModes, clock: Clock) {
    this.#database = database;
    this.#keys = keys;
    this.#ledger = ledger;
    this.#modes = modes;
    this.#clock = clock;
  }

  /** @throws Failure `invalid_request` for a name of less than 2 or more than 200 characters */
  async create(context: RequestContext, { name, mode = 'live' }: NewAgency): Promise<Agency> {
    const trimmed = name.trim();
    if (trimmed.length < 2 || trimmed.length > 200) {
      throw new Failure('invalid_request', { detail: 'An agency’s name has 2 to 200 characters.' });
    }
    const now = this.#clock.now();
    const id: AgencyId = newId<'agency'>(now.getTime());
    await this.#keys.create(id);
    const stamped = await this.#modes.stamp(id, mode);
    await this.#database.run({ kind: 'system' }, async (manager) => {
      await manager.getRepository(AgencyEntity).insert({ id, name: trimmed, createdAt: now, ...stamped });
      await this.#ledger.stage(manager, { action: 'agency.created', context, resource: id, agency: id });
    });
    return { id, name: trimmed };
  }

  /**
   * As its row says, for what the database itself holds to that. In the name of an agency that the transaction's scope
   * does not see nothing can be written, in whichever mode.
   */
  async mode(manager: EntityManager, id: AgencyId): Promise<AgencyMode> {
    return (await manager.getRepository(AgencyEntity).findOneBy({ id }))?.mode ?? 'live';
  }

  /** Names by id, as far as the transaction's scope may know them. */
  async names(manager: EntityManager, ids: readonly AgencyId[]): Promise<ReadonlyMap<AgencyId, string>> {
    return namesOf(await this.#find(manager, ids));
  }

  /** The same of those only whose mode is what we have given them. @throws Failure `keys_unavailable` */
  async provenNames(
    manager: EntityManager,
    ids: readonly AgencyId[],
  ): Promise<ReadonlyMap<AgencyId, string>> {
    return namesOf(await this.#genuine(await this.#find(manager, ids)));
  }

  /** All whose mode is what we have given them, as far as the transaction's scope may know them. @throws Failure `keys_unavailable` */
  async provenIds(manager: EntityManager): Promise<readonly AgencyId[]> {
    const agencies = await this.#genuine(await manager.getRepository(AgencyEntity).find());
    return agencies.map(({ id }) => id);
  }

  /** The same of one that was found together with something else; else an empty one. @throws Failure `keys_unavailable` */
  async provenName(agency: Omit<AgencyEntity, 'createdAt'>): Promise<string> {
    return (await this.#modes.isGenuine(agency)) ? agency.name : '';
  }

  async #genuine(agencies: readonly AgencyEntity[]): Promise<readonly AgencyEntity[]> {
    const genuine = await Promise.all(agencies.map((agency) => this.#modes.isGenuine(agency)));
    return agencies.filter((_, at) => genuine[at] === true);
  }

  #find(manager: EntityManager, ids: readonly AgencyId[]): Promise<readonly AgencyEntity[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return manager.getRepository(AgencyEntity).findBy({ id: In([...new Set(ids)]) });
  }
}

const namesOf = (agencies: readonly AgencyEntity[]): ReadonlyMap<AgencyId, string> =>
  new Map(agencies.map(({ id, name }) => [id, name]));
