import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Failure } from '../../kernel/errors.js';
import { type Acknowledgement, Settings } from '../../platform/config/settings.js';
import { ReadinessChecks } from '../../platform/health/readiness.js';
import { Logger } from '../../platform/logging/logger.js';
import type { EntryDraft } from '../entry/entry.js';
import { Backlog, keepsUp } from './backlog.js';
import { ChangeStream } from './change-stream.js';
import { EntryPreparation } from './entry-preparation.js';
import { Heartbeats } from './heartbeats.js';
import { LedgerConnection } from './ledger-connection.js';
import { ReadStreams } from './read-streams.js';
import { issueReceipt, type Receipt } from './receipt.js';
import { SequencedWatch } from './sequenced-watch.js';
import { columnsOf, type EntryColumns, type Query, stageEntries } from './staging-statements.js';
import { withinTime } from './time-limit.js';
import type { SignedEntry } from './writer.js';

/**
 * How many times the durable limit a reader waits for the signed checkpoint, beyond which nothing is released: long
 * enough for another sequencer to take over.
 */
const SEQUENCED_PATIENCE = 3;

/** The one way into the ledger. Reads are recorded before anything is opened; changes are recorded with the change. */
@Injectable()
export class Ledger implements OnModuleInit, OnApplicationShutdown {
  readonly #timeoutMs: number;
  readonly #connection: LedgerConnection;
  readonly #preparation: EntryPreparation;
  readonly #reads: ReadStreams;
  readonly #changes: ChangeStream;
  readonly #heartbeats: Heartbeats;
  readonly #backlog: Backlog;
  readonly #watch: SequencedWatch;
  readonly #readiness: ReadinessChecks;
  readonly #logger: Logger;

  constructor(
    settings: Settings,
    connection: LedgerConnection,
    preparation: EntryPreparation,
    reads: ReadStreams,
    changes: ChangeStream,
    heartbeats: Heartbeats,
    backlog: Backlog,
    watch: SequencedWatch,
    readiness: ReadinessChecks,
    logger: Logger,
  ) {
    this.#timeoutMs = settings.ledger.timeoutMs;
    this.#connection = connection;
    this.#preparation = preparation;
    this.#reads = reads;
    this.#changes = changes;
    this.#heartbeats = heartbeats;
    this.#backlog = backlog;
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
   * @throws Failure `ledger_unavailable` when it is not durable within a second (`settings.ledger.timeoutMs`), not
   * covered within three more, or too much waits to be sequenced; the caller must then release nothing
   */
  async append(draft: EntryDraft, acknowledgement: Acknowledgement): Promise<Receipt> {
    try {
      const id = await withinTime(this.#timeoutMs, (late) => this.#record(draft, late));
      if (acknowledgement === 'sequenced') await this.#covered(id);
      return issueReceipt(id);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /**
   * Records changes inside their own transaction: the entries exist if and only if the changes do.
   * @throws Failure `ledger_unavailable`, upon which the transaction must fail
   */
  async stage(manager: EntityManager, ...drafts: readonly EntryDraft[]): Promise<void> {
    if (drafts.length === 0) return;
    const query: Query = <Row extends object>(text: string, values: unknown[]) =>
      manager.query<Row[]>(text, values);
    await this.#signing(drafts, (entries) => stageEntries(query, entries));
  }

  /**
   * The same for changes that are one statement, which appends their entries itself.
   * @param send is given the entries of the drafts, in their order; whatever change it leaves out, it leaves out with its entry
   * @throws Failure `ledger_unavailable`, also when the statement is not done in time
   */
  stageBy<T>(drafts: readonly EntryDraft[], send: (entries: EntryColumns) => Promise<T>): Promise<T> {
    return this.#signing(drafts, (entries) => send(columnsOf(entries)));
  }

  async onApplicationShutdown(): Promise<void> {
    try {
      await withinTime(this.#timeoutMs, async (late) => {
        await this.#changes.close(late);
        await this.#reads.close(late);
      });
    } catch (error) {
      this.#logger.fault('the stream of entries has no closing entry', error);
    }
    await this.#heartbeats.stop();
    await this.#connection.close();
  }

  async #signing<T>(
    drafts: readonly EntryDraft[],
    send: (entries: readonly SignedEntry[]) => Promise<T>,
  ): Promise<T> {
    try {
      return await withinTime(this.#timeoutMs, async (late) => {
        await Promise.all(drafts.map((draft) => this.#backlog.require(draft)));
        return send(await this.#changes.sign(drafts, late));
      });
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  async #record(draft: EntryDraft, late: AbortSignal): Promise<string> {
    const [prepared] = await Promise.all([this.#preparation.prepare(draft), this.#backlog.require(draft)]);
    return this.#reads.append(prepared, late);
  }

  /** A stream whose entries do not reach the tree may be unknown there by now: the next entry begins another. */
  async #covered(entryId: string): Promise<void> {
    try {
      await this.#watch.covered(entryId, this.#timeoutMs * SEQUENCED_PATIENCE);
    } catch (cause) {
      this.#reads.abandon();
      throw cause;
    }
  }

  /** Appending nothing takes the same way as appending something, and shows a fault after which something is appended. */
  async #requireReady(): Promise<void> {
    await withinTime(this.#timeoutMs, async (late) => {
      await stageEntries(this.#connection.query, []);
      await this.#changes.introduce(late);
      if (!keepsUp(await this.#backlog.condition())) throw new Error('Entries are not sequenced.');
    });
  }
}

/** What another room has already said clearly, such as keys that cannot be had, stays as it is. */
function unavailable(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  return new Failure('ledger_unavailable', { cause, headers: { 'retry-after': '1' } });
}
