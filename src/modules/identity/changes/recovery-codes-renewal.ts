import { Injectable } from '@nestjs/common';
import { Failure } from '../../../kernel/errors.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { RECOVERY_CODES } from '../persistence/places.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { hashRecoveryCode, newRecoveryCodes } from '../totp/recovery-codes.js';
import { AccountJournal } from './account-journal.js';
import type { Person } from './own-account.js';

/** Ten new recovery codes: those before open nothing any more. */
@Injectable()
export class RecoveryCodesRenewal {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #ends: SessionEnds;
  readonly #journal: AccountJournal;
  readonly #randomness: Randomness;

  constructor(
    database: Database,
    sealer: Sealer,
    ends: SessionEnds,
    journal: AccountJournal,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#ends = ends;
    this.#journal = journal;
    this.#randomness = randomness;
  }

  /** @returns the codes, to be shown once. @throws Failure `unauthenticated` when the account is gone */
  async renew(context: Person): Promise<readonly string[]> {
    const { accountId, sessionId } = context.actor;
    const codes = newRecoveryCodes(this.#randomness);
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const own = { subject: accountId, row: accountId };
      const recoveryCodes = await this.#sealer.seal(RECOVERY_CODES, own, codes.map(hashRecoveryCode));
      const changed = await this.#ends.renew(context, manager, accountId, sessionId, ({ status }) =>
        status === 'active' ? { recoveryCodes } : undefined,
      );
      if (changed === null) throw new Failure('unauthenticated');
      const notice = { kind: 'recovery_codes_renewed' } as const;
      await this.#journal.note(context, manager, changed, 'recovery_codes.renewed', notice);
    });
    return codes;
  }
}
