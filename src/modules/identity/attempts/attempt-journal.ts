import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Ledger } from '../../../ledger/index.js';
import { RateLimits } from '../../../platform/http/index.js';
import { Logger } from '../../../platform/logging/logger.js';
import { type KindCounter, Metrics } from '../../../platform/metrics/metrics.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import type { AccountEntity } from '../persistence/account.entity.js';

/** What came of attempts to sign in, for the ledger, whoever watches it, and whom they were aimed at. */
@Injectable()
export class AttemptJournal {
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #limits: RateLimits;
  readonly #logger: Logger;
  readonly #counter: KindCounter<'done' | 'refused' | 'turned_away'>;

  constructor(sealer: Sealer, ledger: Ledger, limits: RateLimits, logger: Logger, metrics: Metrics) {
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#limits = limits;
    this.#logger = logger;
    this.#counter = metrics.counter('sceau_sign_ins_total', 'Attempts to sign in', [
      'done',
      'refused',
      'turned_away',
    ]);
  }

  succeeded(): void {
    this.#counter.add('done');
  }

  /**
   * @param account the one aimed at, or the decoy: an entry for either costs the same
   * @throws Failure `ledger_unavailable`
   */
  async refused(context: RequestContext, account: AccountEntity): Promise<void> {
    this.#counter.add('refused');
    await this.#append(context, account, 'session.refused', 'wrong_factors');
  }

  /** @throws Failure `ledger_unavailable` */
  async turnedAway(context: RequestContext, account: AccountEntity): Promise<void> {
    await this.#append(context, account, 'session.turned_away', 'too_many_attempts');
  }

  countTurnedAway(): void {
    this.#counter.add('turned_away');
  }

  /** Whoever tries a list of stolen pairs is refused at many accounts once each: it shows only over all of them. */
  async strangerRefused(context: RequestContext): Promise<void> {
    if (!(await this.#limits.exceeds('sign_in_refusals', 'all'))) return;
    this.#logger.warn('credential stuffing suspected', { requestId: context.requestId });
    await this.#ledger.append(
      { action: 'sign_in.stuffing_suspected', context, outcome: 'refused', reason: 'many_refusals' },
      'staged',
    );
  }

  async #append(
    context: RequestContext,
    account: AccountEntity,
    action: 'session.refused' | 'session.turned_away',
    reason: string,
  ): Promise<void> {
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.append(
      { action, context, outcome: 'refused', reason, resource: account.id, subjects },
      'staged',
    );
  }
}
