import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { type EntryDraft, type Introduction, requireCodes, type TouchedSubject } from '../entry/entry.js';
import { networkOf } from '../entry/network.js';
import { OriginHasher } from '../entry/origin-hasher.js';
import { encodeRecord } from '../entry/subject-record.js';
import { writerMark } from '../entry/writer-mark.js';
import { LedgerConnection } from './ledger-connection.js';
import { findReferences } from './staging-statements.js';
import type { PreparedEntry, Writer } from './writer.js';

/** Turns what a room says into what the ledger keeps: pseudonyms for people and places, nonces, an id, the time. */
@Injectable()
export class EntryPreparation {
  readonly #connection: LedgerConnection;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #origins: OriginHasher;

  constructor(connection: LedgerConnection, clock: Clock, randomness: Randomness, origins: OriginHasher) {
    this.#connection = connection;
    this.#clock = clock;
    this.#randomness = randomness;
    this.#origins = origins;
  }

  async prepare(draft: EntryDraft, introduces?: Introduction): Promise<PreparedEntry> {
    requireCodes(draft);
    const at = this.#clock.now();
    const { address } = draft.context;
    const [records, own, network] = await Promise.all([
      this.#records(draft.subjects ?? []),
      this.#origins.hash(`address:${address}`),
      this.#origins.hash(`network:${networkOf(address)}`),
    ]);
    const id = newId<'entry'>(at.getTime());
    return { id, at, draft, introduces, origin: { address: own, network }, records };
  }

  /** The entry by which a writer makes its key known. */
  async introduction({ id: writer, stream, publicKey }: Writer): Promise<PreparedEntry> {
    const key = publicKey.toString('base64url');
    const mark = await writerMark(this.#origins, { writer, stream, key });
    const draft = {
      action: 'ledger.writer_registered',
      context: this.#ownContext(),
      resource: writer,
    } as const;
    return this.prepare(draft, { writer, stream, key, mark });
  }

  /** A stream's last entry, after which nothing may follow. */
  farewell({ id: writer }: Writer): Promise<PreparedEntry> {
    return this.prepare({ action: 'ledger.writer_closed', context: this.#ownContext(), resource: writer });
  }

  #ownContext(): EntryDraft['context'] {
    return {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor: { kind: 'system', name: 'ledger' },
      locale: 'en',
      address: 'local',
    };
  }

  /**
   * References come over the ledger's own connection, whoever asks: one that was made in a business transaction
   * would make every other process wait for its end.
   */
  async #records(subjects: readonly TouchedSubject[]): Promise<readonly Buffer[]> {
    if (subjects.length === 0) return [];
    const references = await findReferences(
      this.#connection.query,
      subjects.map(({ candidate }) => candidate),
    );
    return subjects.map(({ candidate, application, fields }) => {
      const subject = references.get(candidate);
      if (subject === undefined) throw new Error('Every candidate has a reference once it was asked for.');
      const nonce = this.#randomness.bytes(16).toString('base64url');
      return encodeRecord({ nonce, subject, application, fields: [...fields] });
    });
  }
}
