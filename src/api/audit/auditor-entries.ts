import { Injectable } from '@nestjs/common';
import type { AuditorActor, RequestContext } from '../../kernel/context.js';
import { type Action, type EntryDraft, Ledger } from '../../ledger/index.js';
import { Settings } from '../../platform/config/settings.js';

export type Auditor = RequestContext<AuditorActor>;

/** What an auditor does is an entry like any other, in the tree before the answer leaves. */
@Injectable()
export class AuditorEntries {
  readonly #ledger: Ledger;
  readonly #settings: Settings;

  constructor(ledger: Ledger, settings: Settings) {
    this.#ledger = ledger;
    this.#settings = settings;
  }

  /**
   * @param about id of what was read, or a code that says more about how
   * @throws Failure `ledger_unavailable`
   */
  async record(
    context: Auditor,
    action: Action,
    about: Pick<EntryDraft, 'resource' | 'reason' | 'outcome'> = {},
  ): Promise<void> {
    await this.#ledger.append({ action, context, ...about }, this.#settings.ledger.acknowledgement.staff);
  }
}
