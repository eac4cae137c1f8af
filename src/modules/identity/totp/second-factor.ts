import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Sealer } from '../../../sealing/index.js';
import { Accounts } from '../accounts/accounts.js';
import { type PasskeyAssertion, PasskeyFactor, type PasskeyProof } from '../passkeys/passkey-factor.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL, RECOVERY_CODES, TOTP_SECRET } from '../persistence/places.js';
import { hashRecoveryCode } from './recovery-codes.js';
import { newTotpSecret, totpStep } from './totp.js';

/** What a person presents beside the password. */
export type Factor =
  { readonly code: string } | { readonly recoveryCode: string } | { readonly passkey: PasskeyAssertion };

/** A factor that was found right but is not used up yet. */
export type Proof =
  /** With the secret that the code was right for. */
  | { readonly kind: 'totp'; readonly step: number; readonly secret: string }
  | { readonly kind: 'recovery'; readonly hash: string }
  | { readonly kind: 'passkey'; readonly proof: PasskeyProof };

/** A factor that is used up. */
export type Used =
  | { readonly kind: 'totp' }
  | { readonly kind: 'recovery'; readonly left: number }
  | { readonly kind: 'passkey' };

const USE_STEP = `
  WITH used AS (UPDATE identity.account SET totp_step = $2 WHERE id = $1 AND totp_step < $2 RETURNING id)
  SELECT FROM used`;

/** Checks second factors, and uses each one up exactly once. */
@Injectable()
export class SecondFactor {
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #passkeys: PasskeyFactor;
  readonly #clock: Clock;
  /** Checked where there is no account, so that the work is the same. */
  readonly #decoy = newTotpSecret();

  constructor(sealer: Sealer, accounts: Accounts, passkeys: PasskeyFactor, clock: Clock) {
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#passkeys = passkeys;
    this.#clock = clock;
  }

  async check(account: AccountEntity | null, factor: Factor): Promise<Proof | undefined> {
    if ('passkey' in factor) {
      const proof = await this.#passkeys.check(account, factor.passkey);
      return proof && { kind: 'passkey', proof };
    }
    return 'code' in factor
      ? this.#checkCode(account, factor.code)
      : this.#checkRecovery(account, factor.recoveryCode);
  }

  /**
   * Uses the factor up on condition that it still is the account's and that nobody else has used it: of any number of
   * requests with the same one, in any number of processes, one succeeds (RFC 6238 §5.2).
   * @param account as it stands in this transaction, best under its lock
   */
  async consume(
    context: RequestContext,
    manager: EntityManager,
    account: AccountEntity,
    proof: Proof,
  ): Promise<Used | undefined> {
    switch (proof.kind) {
      case 'totp': {
        // By content: whoever renews the account's key writes other bytes of the same secret.
        if (account.totpSecret === null) return undefined;
        if ((await this.#secretOf(account.id, account.totpSecret)) !== proof.secret) return undefined;
        const used = await manager.query<unknown[]>(USE_STEP, [account.id, proof.step]);
        return used.length === 1 ? { kind: 'totp' } : undefined;
      }
      case 'recovery': {
        let left = 0;
        const changed = await this.#accounts.change(context, manager, account.id, async (present) => {
          // Another code of the same person may have been used, or their key renewed, since this one was checked.
          const codes = await this.#codesOf(present);
          const others = codes.filter((kept) => kept !== proof.hash);
          if (others.length === codes.length) return undefined;
          left = others.length;
          const own = { subject: present.id, row: present.id };
          return { recoveryCodes: await this.#sealer.seal(RECOVERY_CODES, own, others) };
        });
        return changed === null ? undefined : { kind: 'recovery', left };
      }
      case 'passkey':
        return (await this.#passkeys.consume(context, manager, account, proof.proof))
          ? { kind: 'passkey' }
          : undefined;
    }
  }

  async #checkCode(account: AccountEntity | null, code: string): Promise<Proof | undefined> {
    const secret = account === null ? undefined : await this.#ownSecret(account);
    const step = await totpStep(secret ?? this.#decoy, code, this.#clock.now());
    // One that was used already is as wrong as any: only of two at the same moment does `consume` decide.
    if (secret === undefined || step === undefined || step <= Number(account?.totpStep)) return undefined;
    return { kind: 'totp', step, secret };
  }

  async #checkRecovery(account: AccountEntity | null, code: string): Promise<Proof | undefined> {
    if (account === null) return undefined;
    const hash = hashRecoveryCode(code);
    return (await this.#codesOf(account)).includes(hash) ? { kind: 'recovery', hash } : undefined;
  }

  async #codesOf({ id, recoveryCodes, email }: AccountEntity): Promise<readonly string[]> {
    const own = { subject: id, row: id };
    if (recoveryCodes !== null) return this.#sealer.openOperational(RECOVERY_CODES, own, recoveryCodes);
    await this.#sealer.openOperational(EMAIL, own, email);
    return [];
  }

  /** An account without a factor costs as much to look at as one that has it: something else is opened. */
  async #ownSecret({ id, totpSecret, email }: AccountEntity): Promise<string | undefined> {
    if (totpSecret !== null) return this.#secretOf(id, totpSecret);
    await this.#sealer.openOperational(EMAIL, { subject: id, row: id }, email);
    return undefined;
  }

  #secretOf(id: AccountEntity['id'], sealed: NonNullable<AccountEntity['totpSecret']>): Promise<string> {
    return this.#sealer.openOperational(TOTP_SECRET, { subject: id, row: id }, sealed);
  }
}
