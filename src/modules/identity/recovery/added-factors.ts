import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import { FederatedIdentities } from '../federation/federated-identities.js';
import { Passkeys } from '../passkeys/passkeys.js';

/** What an account is opened with besides password and authenticator. */
@Injectable()
export class AddedFactors {
  readonly #passkeys: Passkeys;
  readonly #identities: FederatedIdentities;

  constructor(passkeys: Passkeys, identities: FederatedIdentities) {
    this.#passkeys = passkeys;
    this.#identities = identities;
  }

  /** Passkeys and linked identities, all of them and for good. */
  async remove(context: RequestContext, manager: EntityManager, accountId: AccountId): Promise<void> {
    for (const { id } of await this.#passkeys.of(context, manager, accountId)) {
      const passkey = await this.#passkeys.lock(context, manager, { id, accountId });
      if (passkey !== null) await this.#passkeys.remove(manager, passkey);
    }
    for (const { id } of await this.#identities.of(context, manager, accountId))
      await this.#identities.remove(context, manager, { id, accountId });
  }
}
