import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import type { DeliveryId } from '../ids.js';
import type { Outcome } from './outcome.js';

/** That an agency was not told of something, in the ledger. */
@Injectable()
export class GivenUp {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async record(
    context: RequestContext,
    manager: EntityManager,
    {
      delivery,
      agencyId,
      reason,
    }: { readonly delivery: DeliveryId; readonly agencyId: AgencyId; readonly reason: Outcome },
  ): Promise<void> {
    await this.#ledger.stage(manager, {
      action: 'webhook.given_up',
      context,
      outcome: 'failed',
      reason,
      resource: delivery,
      agency: agencyId,
    });
  }
}
