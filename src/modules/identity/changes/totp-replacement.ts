import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Randomness } from '../../../kernel/randomness.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { RECOVERY_CODES, TOTP_SECRET } from '../persistence/places.js';
import type { Transport } from '../persistence/session.entity.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { Sessions } from '../sessions/sessions.js';
import { type EnrolmentOffer, offerOf } from '../totp/authenticator-offer.js';
import type { Enrolled } from '../totp/enrolment.js';
import { hashRecoveryCode, newRecoveryCodes } from '../totp/recovery-codes.js';
import { newTotpSecret, totpStep } from '../totp/totp.js';
import { AccountJournal } from './account-journal.js';
import { OwnAccount, type Person } from './own-account.js';
import { PendingChanges } from './pending-changes.js';

const LIFETIME_MS = 10 * 60_000;

/** Another authenticator in place of the present one, which works until the other is proven to. */
@Injectable()
export class TotpReplacement {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #own: OwnAccount;
  readonly #pending: PendingChanges;
  readonly #ends: SessionEnds;
  readonly #sessions: Sessions;
  readonly #journal: AccountJournal;
  readonly #randomness: Randomness;

  constructor(
    database: Database,
    sealer: Sealer,
    own: OwnAccount,
    pending: PendingChanges,
    ends: SessionEnds,
    sessions: Sessions,
    journal: AccountJournal,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#own = own;
    this.#pending = pending;
    this.#ends = ends;
    this.#sessions = sessions;
    this.#journal = journal;
    this.#randomness = randomness;
  }

  /** Offers a secret; asking again replaces it. @throws Failure `unauthenticated` */
  async offer(context: Person): Promise<EnrolmentOffer> {
    const account = await this.#own.find(context);
    const secret = newTotpSecret();
    const expiresAt = new Date(this.#pending.now().getTime() + LIFETIME_MS).toISOString();
    const change = { kind: 'totp', secret, epoch: account.credentialEpoch, expiresAt } as const;
    await this.#database.run({ kind: 'identity' }, (manager) => this.#pending.put(manager, account, change));
    return offerOf(secret, await this.#own.addressOf(account));
  }

  /**
   * Every session ends, and a new one is opened for whoever has proven the new authenticator.
   * @throws Failure `authentication_failed` for a wrong code or an offer that is over, `too_many_requests`
   */
  async confirm(context: Person, code: string, transport: Transport): Promise<Enrolled> {
    const account = await this.#own.find(context);
    const { id } = account;
    const codes = newRecoveryCodes(this.#randomness);
    const replace = async (manager: EntityManager): Promise<Enrolled | undefined> => {
      const offered = await this.#pending.find(manager, account, 'totp');
      const step = offered && (await totpStep(offered.secret, code, this.#pending.now()));
      if (offered === undefined || step === undefined) return undefined;
      const own = { subject: id, row: id };
      const change = {
        totpSecret: await this.#sealer.seal(TOTP_SECRET, own, offered.secret),
        totpStep: String(step),
        recoveryCodes: await this.#sealer.seal(RECOVERY_CODES, own, codes.map(hashRecoveryCode)),
      };
      const changed = await this.#ends.renew(context, manager, id, undefined, ({ revision }) =>
        revision === account.revision ? change : undefined,
      );
      if (changed === null) return undefined;
      await this.#pending.remove(manager, changed, 'totp');
      await this.#journal.note(context, manager, changed, 'totp.replaced', { kind: 'factor_replaced' });
      const session = await this.#sessions.open(manager, context, changed, transport);
      return { recoveryCodes: codes, session };
    };
    return this.#own.guess(context, account, 'totp.replaced', 'wrong_code', () =>
      this.#database.run({ kind: 'identity' }, replace),
    );
  }
}
