import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { Sealer } from '../../../sealing/index.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { PendingChangeEntity } from '../persistence/pending-change.entity.js';
import { PENDING_CHANGE, type PendingChange } from '../persistence/places.js';

type Kind = PendingChange['kind'];
type Of<K extends Kind> = Extract<PendingChange, { kind: K }>;

/**
 * New authenticators and addresses that are still to be proven. All that counts of one is sealed with it, so that a
 * writer to the database can at most put one back that its owner asked for in the account's present epoch.
 */
@Injectable()
export class PendingChanges {
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(sealer: Sealer, clock: Clock) {
    this.#sealer = sealer;
    this.#clock = clock;
  }

  now(): Date {
    return this.#clock.now();
  }

  /** Takes the place of the one before. */
  async put(manager: EntityManager, { id: accountId }: AccountEntity, change: PendingChange): Promise<void> {
    const { kind } = change;
    const pending = manager.getRepository(PendingChangeEntity);
    await pending.delete({ accountId, kind });
    const id = newId<'pending-change'>(this.#clock.now().getTime());
    const sealed = await this.#sealer.seal(PENDING_CHANGE, { subject: accountId, row: id }, change);
    const expiresAt = new Date(change.expiresAt);
    await pending.insert({ id, accountId, kind, change: sealed, expiresAt });
  }

  /** Locks it until the transaction ends. @returns `undefined` when there is none that still counts */
  async find<K extends Kind>(
    manager: EntityManager,
    { id: accountId, credentialEpoch }: AccountEntity,
    kind: K,
  ): Promise<Of<K> | undefined> {
    const row = await manager
      .getRepository(PendingChangeEntity)
      .findOne({ where: { accountId, kind }, lock: { mode: 'pessimistic_write' } });
    if (row === null) return undefined;
    const own = { subject: accountId, row: row.id };
    const change = await this.#sealer.openOperational(PENDING_CHANGE, own, row.change);
    const counts = change.epoch === credentialEpoch && this.#clock.now() < new Date(change.expiresAt);
    return counts && isOf(change, kind) ? change : undefined;
  }

  async remove(manager: EntityManager, { id: accountId }: AccountEntity, kind: Kind): Promise<void> {
    await manager.getRepository(PendingChangeEntity).delete({ accountId, kind });
  }
}

const isOf = <K extends Kind>(change: PendingChange, kind: K): change is Of<K> => change.kind === kind;
