import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import {
  type Destination,
  type DestinationRefusal,
  Destinations,
} from '../../../platform/outbound/destinations.js';
import type { EndpointId } from '../ids.js';

/** One sentence for every cause: whoever registers addresses learns nothing of what is behind them. */
const REFUSED = {
  en: 'Give an https address, on port 443 or 8443, of a host that everybody on the Internet can reach.',
  fr: "Indiquez une adresse https, sur le port 443 ou 8443, d'un hôte joignable par tous sur Internet.",
};

/** Whether something may be sent to where an endpoint is; asked when it is set up and before each delivery. */
@Injectable()
export class DestinationCheck {
  readonly #destinations: Destinations;
  readonly #ledger: Ledger;

  constructor(destinations: Destinations, ledger: Ledger) {
    this.#destinations = destinations;
    this.#ledger = ledger;
  }

  /** @throws Failure `invalid_request` for an address that is not one of the public Internet, which is recorded */
  async require(context: RequestContext, agencyId: AgencyId, url: string): Promise<void> {
    const outcome = await this.#destinations.check(url);
    if (typeof outcome !== 'string') return;
    await this.#record(context, { agencyId, reason: outcome });
    throw new Failure('invalid_request', {
      detail: REFUSED,
      fields: [{ pointer: '/url', code: 'not_allowed', detail: REFUSED }],
    });
  }

  /** The same for a delivery. A name that is not known at the moment is not worth an entry. */
  async ask(
    context: RequestContext,
    { id, agencyId }: { readonly id: EndpointId; readonly agencyId: AgencyId },
    url: string,
  ): Promise<Destination | DestinationRefusal> {
    const outcome = await this.#destinations.check(url);
    if (typeof outcome === 'string' && outcome !== 'host_unknown')
      await this.#record(context, { agencyId, reason: outcome, resource: id });
    return outcome;
  }

  async #record(
    context: RequestContext,
    entry: { readonly agencyId: AgencyId; readonly reason: string; readonly resource?: string },
  ): Promise<void> {
    const { agencyId, ...about } = entry;
    await this.#ledger.append(
      { action: 'webhook.destination_refused', context, outcome: 'refused', agency: agencyId, ...about },
      'staged',
    );
  }
}
