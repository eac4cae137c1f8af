import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from './kernel/clock.js';
import { ownContext } from './kernel/own-context.js';
import { type Action, Ledger } from './ledger/index.js';
import { configurationDigest } from './platform/config/configuration-digest.js';
import { Settings } from './platform/config/settings.js';
import { Logger } from './platform/logging/logger.js';

/** When a process of the product began and ended, and how it was configured, as entries of the ledger. */
export class ProcessRecord implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #name: string;
  readonly #ledger: Ledger;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(name: string, ledger: Ledger, settings: Settings, clock: Clock, logger: Logger) {
    this.#name = name;
    this.#ledger = ledger;
    this.#settings = settings;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** For the module of a process. @param name such as `api` */
  static of(name: 'api' | 'worker') {
    return {
      provide: ProcessRecord,
      inject: [Ledger, Settings, Clock, Logger],
      useFactory: (ledger: Ledger, settings: Settings, clock: Clock, logger: Logger) =>
        new ProcessRecord(name, ledger, settings, clock, logger),
    };
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#record('process.started');
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#record('process.stopped');
  }

  /** A process whose ledger cannot be written starts all the same, says that it is not ready, and releases nothing. */
  async #record(action: Action): Promise<void> {
    const context = ownContext(this.#name, this.#clock.now());
    const resource = configurationDigest(this.#settings);
    try {
      await this.#ledger.append({ action, context, resource }, 'staged');
    } catch (error) {
      this.#logger.fault('not recorded', error, { action });
    }
  }
}
