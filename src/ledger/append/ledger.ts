import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { type Acknowledgement, Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';
import type { EntryDraft } from '../entry/entry.js';
import { EntryPreparation } from './entry-preparation.js';
import { ReadStream } from './read-stream.js';
import { issueReceipt, type Receipt } from './receipt.js';
import { SequencedWatch } from './sequenced-watch.js';
import { findReferences, type Query, stageEntries } from './staging-statements.js';
import { type PreparedEntry, Writer } from './writer.js';

/** How many times the durable limit a reader waits at most for the signed checkpoint. */
const SEQUENCED_PATIENCE = 3;

/** The one way into the ledger. Reads are recorded before anything is opened; changes are recorded with the change. */
@Injectable()
export class Ledger implements OnApplicationShutdown {
  readonly #pool: pg.Pool;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #preparation: EntryPreparation;
  readonly #watch: SequencedWatch;
  readonly #reads: ReadStream;
  #changes: Promise<Writer> | undefined;

  constructor(settings: Settings, clock: Clock, preparation: EntryPreparation, watch: SequencedWatch) {
    this.#clock = clock;
    this.#preparation = preparation;
    this.#watch = watch;
    this.#timeoutMs = settings.ledger.timeoutMs;
    this.#pool = createPool(settings.database.appUrl, {
      applicationName: 'sceau-ledger',
      max: 2,
      connectTimeoutMs: this.#timeoutMs,
      statementTimeoutMs: this.#timeoutMs,
    });
    this.#reads = new ReadStream(clock, this.#ownQuery, (writer) => this.#introduction(writer));
  }

  /**
   * Records something in a transaction of its own, so that it stays whatever becomes of the request.
   * @param acknowledgement `staged`: durable; `sequenced`: covered by a signed checkpoint as well
   * @throws Failure `ledger_unavailable` within about a second; the caller must then release nothing
   */
  async append(draft: EntryDraft, acknowledgement: Acknowledgement): Promise<Receipt> {
    try {
      const prepared = await this.#within(this.#timeoutMs, this.#record(draft));
      if (acknowledgement === 'sequenced') {
        await this.#watch.covered(prepared.id, this.#timeoutMs * SEQUENCED_PATIENCE);
      }
      return issueReceipt(prepared.id);
    } catch (cause) {
      if (cause instanceof Failure && cause.code !== 'internal_error') throw cause;
      throw new Failure('ledger_unavailable', { cause, headers: { 'retry-after': '1' } });
    }
  }

  /**
   * Records a change inside its own transaction: the entry exists if and only if the change does.
   * @throws Failure `ledger_unavailable`, upon which the transaction must fail
   */
  async stage(manager: EntityManager, draft: EntryDraft): Promise<void> {
    const query: Query = async <Row>(text: string, values: unknown[]) => {
      const rows: Row[] = await manager.query(text, values);
      return rows;
    };
    try {
      const writer = await this.#changesWriter();
      const prepared = await this.#preparation.prepare(draft, (candidates) =>
        findReferences(query, candidates),
      );
      await stageEntries(query, [writer.sign(prepared)]);
    } catch (cause) {
      throw new Failure('ledger_unavailable', { cause, headers: { 'retry-after': '1' } });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }

  async #record(draft: EntryDraft): Promise<PreparedEntry> {
    const prepared = await this.#preparation.prepare(draft, (candidates) =>
      findReferences(this.#ownQuery, candidates),
    );
    await this.#reads.append(prepared);
    return prepared;
  }

  /** The writer of changes is introduced by an entry of the contiguous stream, before its first own entry. */
  #changesWriter(): Promise<Writer> {
    this.#changes ??= this.#introduceChanges().catch((cause: unknown) => {
      this.#changes = undefined;
      throw cause;
    });
    return this.#changes;
  }

  async #introduceChanges(): Promise<Writer> {
    const writer = new Writer(newId<'writer'>(this.#clock.now().getTime()), 'changes');
    await this.#within(
      this.#timeoutMs,
      this.#introduction(writer).then((entry) => this.#reads.append(entry)),
    );
    return writer;
  }

  #introduction(writer: Writer): Promise<PreparedEntry> {
    return this.#preparation.prepare(
      {
        action: 'ledger.writer_registered',
        context: this.#ownContext(),
        resource: writer.id,
        reason: writer.kind,
        writerKey: writer.publicKey.toString('base64url'),
      },
      () => Promise.resolve(new Map()),
    );
  }

  #ownContext(): RequestContext {
    return {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor: { kind: 'system', name: 'ledger' },
      locale: 'en',
      address: 'local',
    };
  }

  readonly #ownQuery: Query = async <Row>(text: string, values: unknown[]) => {
    const { rows } = await this.#pool.query(text, values);
    const typed: readonly Row[] = rows;
    return typed;
  };

  /** A server that hangs must not make anybody hang with it. */
  async #within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The ledger did not answer in time.')), milliseconds);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
