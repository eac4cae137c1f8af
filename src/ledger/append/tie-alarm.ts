import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../kernel/clock.js';
import { ownContext } from '../../kernel/own-context.js';
import { Logger } from '../../platform/logging/logger.js';
import { Ledger } from './ledger.js';
import { TieMarks } from './tie-marks.js';

/** Ties that were spoken of; one of them is met again with every request of the candidate. */
const TOLD = 10_000;

/** Says in the ledger, once for each, that somebody has altered a tie between candidate and pseudonym. */
@Injectable()
export class TieAlarm implements OnModuleInit {
  readonly #marks: TieMarks;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #told = new LRUCache<string, true>({ max: TOLD });

  constructor(marks: TieMarks, ledger: Ledger, clock: Clock, logger: Logger) {
    this.#marks = marks;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#logger = logger;
  }

  onModuleInit(): void {
    this.#marks.whenAltered((reference) => void this.#tell(reference));
  }

  async #tell(reference: string): Promise<void> {
    if (this.#told.has(reference)) return;
    this.#told.set(reference, true);
    try {
      await this.#ledger.append(
        {
          action: 'ledger.tie_altered',
          context: ownContext('ledger', this.#clock.now()),
          resource: reference,
          outcome: 'failed',
          reason: 'altered',
        },
        'staged',
      );
    } catch (fault) {
      this.#told.delete(reference);
      this.#logger.fault('altered tie not recorded', fault);
    }
  }
}
