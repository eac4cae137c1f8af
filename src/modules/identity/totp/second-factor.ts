import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { Sealer } from '../../../sealing/index.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { RECOVERY_CODES, TOTP_SECRET } from '../persistence/places.js';
import { hashRecoveryCode } from './recovery-codes.js';
import { newTotpSecret, totpStep } from './totp.js';

/** What a person presents beside the password. */
export type Factor = { readonly code: string } | { readonly recoveryCode: string };

/** A factor that was found right but is not used up yet. */
export type Proof =
  | { readonly kind: 'totp'; readonly step: number }
  | { readonly kind: 'recovery'; readonly left: readonly string[] };

/** Checks second factors, and uses each one up exactly once. */
@Injectable()
export class SecondFactor {
  readonly #sealer: Sealer;
  readonly #clock: Clock;
  /** Checked where there is no account, so that the work is the same. */
  readonly #decoy = newTotpSecret();

  constructor(sealer: Sealer, clock: Clock) {
    this.#sealer = sealer;
    this.#clock = clock;
  }

  async check(account: AccountEntity | null, factor: Factor): Promise<Proof | undefined> {
    return 'code' in factor
      ? this.#checkCode(account, factor.code)
      : this.#checkRecovery(account, factor.recoveryCode);
  }

  /**
   * Uses the factor up by a conditional update: of any number of requests with the same one, in any number of
   * processes, one succeeds (RFC 6238 §5.2).
   */
  async consume(manager: EntityManager, account: AccountEntity, proof: Proof): Promise<boolean> {
    const accounts = manager.createQueryBuilder().update(AccountEntity);
    switch (proof.kind) {
      case 'totp': {
        const { affected } = await accounts
          .set({ totpStep: String(proof.step) })
          .where('id = :id AND totp_step < :step', { id: account.id, step: proof.step })
          .execute();
        return affected === 1;
      }
      case 'recovery': {
        const own = { subject: account.id, row: account.id };
        const recoveryCodes = await this.#sealer.seal(RECOVERY_CODES, own, proof.left);
        const { affected } = await accounts
          .set({ recoveryCodes, revision: account.revision + 1 })
          .where('id = :id AND revision = :revision', { id: account.id, revision: account.revision })
          .execute();
        return affected === 1;
      }
    }
  }

  async #checkCode(account: AccountEntity | null, code: string): Promise<Proof | undefined> {
    const own =
      account?.totpSecret == null ? undefined : await this.#secretOf(account.id, account.totpSecret);
    const step = await totpStep(own ?? this.#decoy, code, this.#clock.now());
    return own === undefined || step === undefined ? undefined : { kind: 'totp', step };
  }

  async #checkRecovery(account: AccountEntity | null, code: string): Promise<Proof | undefined> {
    const hash = hashRecoveryCode(code);
    if (account?.recoveryCodes == null) return undefined;
    const own = { subject: account.id, row: account.id };
    const codes = await this.#sealer.openOperational(RECOVERY_CODES, own, account.recoveryCodes);
    return codes.includes(hash)
      ? { kind: 'recovery', left: codes.filter((kept) => kept !== hash) }
      : undefined;
  }

  #secretOf(id: AccountEntity['id'], sealed: NonNullable<AccountEntity['totpSecret']>): Promise<string> {
    return this.#sealer.openOperational(TOTP_SECRET, { subject: id, row: id }, sealed);
  }
}
