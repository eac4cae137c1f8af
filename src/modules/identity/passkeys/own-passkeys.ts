import { Injectable } from '@nestjs/common';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { PASSKEY_CREDENTIAL } from '../persistence/places.js';
import { SessionEnds } from '../sessions/session-ends.js';
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
  readonly #ends: SessionEnds;
  readonly #sealer: Sealer;

  constructor(
    database: Database,
    passkeys: Passkeys,
    changes: PasskeyChanges,
    ends: SessionEnds,
    sealer: Sealer,
  ) {
    this.#database = database;
    this.#passkeys = passkeys;
    this.#changes = changes;
    this.#ends = ends;
    this.#sealer = sealer;
  }

  async list(context: Person): Promise<readonly PasskeySummary[]> {
    const passkeys = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#passkeys.of(context, manager, context.actor.accountId),
    );
    return Promise.all(
      passkeys.map(async ({ id, accountId: subject, credential, createdAt, lastUsedAt }) => {
        const { name } = await this.#sealer.openOperational(
          PASSKEY_CREDENTIAL,
          { subject, row: id },
          credential,
        );
        return { id, name, createdAt, lastUsedAt };
      }),
    );
  }

  /** @throws Failure `not_found` for a passkey that is not one's own */
  async remove(context: Person, id: PasskeyId): Promise<void> {
    const { accountId } = context.actor;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#changes.account(context, manager);
      const passkey = await this.#passkeys.lock(context, manager, { id, accountId });
      if (passkey === null) throw new Failure('not_found');
      await this.#passkeys.remove(manager, passkey);
      await this.#changes.tell(context, manager, account, { passkey: id, done: 'removed' });
    });
    // Whoever was signed in elsewhere shows a factor that is still there.
    await this.#ends.endAll(context, context.actor.sessionId);
  }
}
