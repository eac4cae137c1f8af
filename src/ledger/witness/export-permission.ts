import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../kernel/context.js';
import { Settings } from '../../platform/config/settings.js';
import { Ledger } from '../append/ledger.js';
import { Witnesses } from './witnesses.js';

/** Whoever hands the ledger out asks here first; asking is an entry, whatever the answer. */
@Injectable()
export class ExportPermission {
  readonly #settings: Settings;
  readonly #ledger: Ledger;
  readonly #witnesses: Witnesses;

  constructor(settings: Settings, ledger: Ledger, witnesses: Witnesses) {
    this.#settings = settings;
    this.#ledger = ledger;
    this.#witnesses = witnesses;
  }

  /**
   * What nobody outside could vouch for is not handed out.
   * @param format stands in the entry
   * @throws Failure `witnesses_unreachable`, `ledger_unavailable`
   */
  async require(context: RequestContext, format: string): Promise<void> {
    const draft = { action: 'audit.exported', context, reason: format } as const;
    const { staff } = this.#settings.ledger.acknowledgement;
    try {
      await this.#witnesses.requireReachable();
    } catch (error) {
      await this.#ledger.append({ ...draft, outcome: 'refused' }, staff);
      throw error;
    }
    await this.#ledger.append(draft, staff);
  }
}
