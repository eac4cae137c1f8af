import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Failure } from '../../kernel/errors.js';
import { type Acknowledgement, Settings } from '../../platform/config/settings.js';
import { ReadinessChecks } from '../../platform/health/readiness.js';
import { Logger } from '../../platform/logging/logger.js';
import type { EntryDraft } from '../entry/entry.js';
import { ChangeStream } from './change-stream.js';
import { EntryPreparation } from './entry-preparation.js';
import { LedgerConnection } from './ledger-connection.js';
import { ReadStream } from './read-stream.js';
import { issueReceipt, type Receipt } from './receipt.js';
import { SequencedWatch } from './sequenced-watch.js';
import type { Query } from './staging-statements.js';
import { withinTime } from './time-limit.js';
import type { PreparedEntry } from './writer.js';

/**
 * How many times the durable limit a reader waits for the signed checkpoint, beyond which nothing is released: long
 * enough for another sequencer to take over.
 */
const SEQUENCED_PATIENCE = 3;
/** Seconds the oldest staged entry may wait before this process says that it is not ready. */
const BACKLOG_LIMIT_S = 30;

/** The one way into the ledger. Reads are recorded before anything is opened; changes are recorded with the change. */
@Injectable()
export class Ledger implements OnModuleInit, OnApplicationShutdown {
  readonly #timeoutMs: number;
  readonly #connection: LedgerConnection;
  readonly #preparation: EntryPreparation;
  readonly #reads: ReadStream;
  readonly #changes: ChangeStream;
  readonly #watch: SequencedWatch;
  readonly #readiness: ReadinessChecks;
  readonly #logger: Logger;

  constructor(
    settings: Settings,
    connection: LedgerConnection,
    preparation: EntryPreparation,
    reads: ReadStream,
    changes: ChangeStream,
    watch: SequencedWatch,
    readiness: ReadinessChecks,
    logger: Logger,
  ) {
    this.#timeoutMs = settings.ledger.timeoutMs;
    this.#connection = connection;
    this.#preparation = preparation;
    this.#reads = reads;
    this.#changes = changes;
    this.#watch = watch;
    this.#readiness = readiness;
    this.#logger = logger;
  }

  onModuleInit(): void {
    this.#readiness.add('ledger', () => this.#requireReady());
  }

  /**
   * Records something in a transaction of its own, so that it stays whatever becomes of the request.
   * @param acknowledgement `staged`: durable; `sequenced`: covered by a signed checkpoint as well
   * @throws Failure `ledger_unavailable` when it is not durable within a second (`settings.ledger.timeoutMs`), or not
   * covered within three more; the caller must then release nothing
   */
  async append(draft: EntryDraft, acknowledgement: Acknowledgement): Promise<Receipt> {
    try {
      const { id } = await withinTime(this.#timeoutMs, (late) => this.#record(draft, late));
      if (acknowledgement === 'sequenced') {
        await this.#watch.covered(id, this.#timeoutMs * SEQUENCED_PATIENCE);
      }
      return issueReceipt(id);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /**
   * Records a change inside its own transaction: the entry exists if and only if the change does.
   * @throws Failure `ledger_unavailable`, upon which the transaction must fail
   */
  async stage(manager: EntityManager, draft: EntryDraft): Promise<void> {
    const query: Query = <Row extends object>(text: string, values: unknown[]) =>
      manager.query<Row[]>(text, values);
    try {
      await withinTime(this.#timeoutMs, (late) => this.#changes.stage(query, draft, late));
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    try {
      await withinTime(this.#timeoutMs, (late) => this.#reads.close(late));
    } catch (error) {
      this.#logger.fault('the stream of entries has no closing entry', error);
    }
    await this.#connection.close();
  }

  async #record(draft: EntryDraft, late: AbortSignal): Promise<PreparedEntry> {
    const prepared = await this.#preparation.prepare(draft);
    await this.#reads.append(prepared, late);
    return prepared;
  }

  /** Appending nothing takes the same way as appending something. */
  async #requireReady(): Promise<void> {
    const [state] = await withinTime(this.#timeoutMs, () =>
      this.#connection.query<{ backlog: number }>(
        `SELECT audit.backlog_seconds() AS backlog FROM audit.append('{}', '{}', '{}', '{}', '{}', '{}')`,
        [],
      ),
    );
    if (state === undefined || state.backlog > BACKLOG_LIMIT_S) throw new Error('Entries are not sequenced.');
  }
}

/** What another room has already said clearly, such as keys that cannot be had, stays as it is. */
function unavailable(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  return new Failure('ledger_unavailable', { cause, headers: { 'retry-after': '1' } });
}
