import { Injectable } from '@nestjs/common';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import type { PasskeyEntity } from '../persistence/passkey.entity.js';
import { PASSKEY_CREDENTIAL } from '../persistence/places.js';
import { PasskeyChanges } from './passkey-changes.js';
import type { PasskeyId } from './passkey-id.js';
import { Passkeys } from './passkeys.js';

export interface PasskeySummary {
  readonly id: PasskeyId;
  /** What its owner calls it; `null` when they have not said. */
  readonly name: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

type Person = RequestContext<PersonActor>;

/** A person's own passkeys: an account keeps its authenticator, whatever is removed here. */
@Injectable()
export class OwnPasskeys {
  readonly #database: Database;
  readonly #passkeys: Passkeys;
  readonly #changes: PasskeyChanges;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;

  constructor(
    database: Database,
    passkeys: Passkeys,
    changes: PasskeyChanges,
    sealer: Sealer,
    ledger: Ledger,
  ) {
    this.#database = database;
    this.#passkeys = passkeys;
    this.#changes = changes;
    this.#sealer = sealer;
    this.#ledger = ledger;
  }

  async list(context: Person): Promise<readonly PasskeySummary[]> {
    const passkeys = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#passkeys.of(context, manager, context.actor.accountId),
    );
    return Promise.all(passkeys.map(async (passkey) => this.#summary(passkey)));
  }

  /**
   * What signs in stays what it is, so no session ends.
   * @throws Failure `not_found` for a passkey that is not one's own
   */
  async rename(context: Person, id: PasskeyId, name: string | null): Promise<PasskeySummary> {
    const { accountId: subject } = context.actor;
    const own = { subject, row: id };
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#changes.account(context, manager);
      const passkey = await this.#passkeys.lock(context, manager, { id, accountId: subject });
      if (passkey === null) throw new Failure('not_found');
      const known = await this.#sealer.openOperational(PASSKEY_CREDENTIAL, own, passkey.credential);
      const credential = await this.#sealer.seal(PASSKEY_CREDENTIAL, own, { ...known, name });
      await this.#passkeys.change(manager, passkey, { credential });
      const subjects = await subjectOf(this.#sealer, account);
      await this.#ledger.stage(manager, { action: 'passkey.renamed', context, resource: id, subjects });
      return this.#summary({ ...passkey, credential });
    });
  }

  /** @throws Failure `not_found` for a passkey that is not one's own */
  async remove(context: Person, id: PasskeyId): Promise<void> {
    const { accountId } = context.actor;
    await this.#changes.make(context, { passkey: id, done: 'removed' }, async (manager) => {
      const passkey = await this.#passkeys.lock(context, manager, { id, accountId });
      if (passkey === null) throw new Failure('not_found');
      await this.#passkeys.remove(manager, passkey);
    });
  }

  async #summary({
    id,
    accountId,
    credential,
    createdAt,
    lastUsedAt,
  }: PasskeyEntity): Promise<PasskeySummary> {
    const own = { subject: accountId, row: id };
    const { name } = await this.#sealer.openOperational(PASSKEY_CREDENTIAL, own, credential);
    return { id, name, createdAt, lastUsedAt };
  }
}
