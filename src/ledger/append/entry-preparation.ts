import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { ownContext } from '../../kernel/own-context.js';
import { Randomness } from '../../kernel/randomness.js';
import { type EntryDraft, type Introduction, requireCodes, type TouchedSubject } from '../entry/entry.js';
import { networkOf } from '../entry/network.js';
import { OriginHasher } from '../entry/origin-hasher.js';
import { type EncodedSubjects, encodeSubjects } from '../entry/subject-record.js';
import { writerMark } from '../entry/writer-mark.js';
import { SubjectReferences } from './subject-references.js';
import type { PreparedEntry, Writer } from './writer.js';

const NONCE_BYTES = 16;

/** Turns what a room says into what the ledger keeps: pseudonyms for people and places, and nonces. */
@Injectable()
export class EntryPreparation {
  readonly #references: SubjectReferences;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #origins: OriginHasher;

  constructor(references: SubjectReferences, clock: Clock, randomness: Randomness, origins: OriginHasher) {
    this.#references = references;
    this.#clock = clock;
    this.#randomness = randomness;
    this.#origins = origins;
  }

  async prepare(draft: EntryDraft, introduces?: Introduction): Promise<PreparedEntry> {
    requireCodes(draft);
    const { address } = draft.context;
    const [subjects, own, network] = await Promise.all([
      this.#subjects(draft.subjects ?? []),
      this.#origins.hash(`address:${address}`),
      this.#origins.hash(`network:${networkOf(address)}`),
    ]);
    return { draft, introduces, origin: { address: own, network }, subjects };
  }

  /** What makes a writer known. */
  async introductionOf({ id: writer, stream, publicKey }: Writer): Promise<Introduction> {
    const key = publicKey.toString('base64url');
    const mark = await writerMark(this.#origins, { writer, stream, key });
    return { writer, stream, key, mark };
  }

  /** The entry by which a writer makes its key known. */
  registration(introduction: Introduction): Promise<PreparedEntry> {
    const draft = {
      action: 'ledger.writer_registered',
      context: this.#ownContext(),
      resource: introduction.writer,
    } as const;
    return this.prepare(draft, introduction);
  }

  /** A stream's last entry, after which nothing may follow. */
  farewell({ id: writer }: Writer): Promise<PreparedEntry> {
    return this.prepare({ action: 'ledger.writer_closed', context: this.#ownContext(), resource: writer });
  }

  #ownContext(): EntryDraft['context'] {
    return ownContext('ledger', this.#clock.now());
  }

  async #subjects(subjects: readonly TouchedSubject[]): Promise<EncodedSubjects> {
    if (subjects.length === 0) return encodeSubjects([]);
    const references = await this.#references.of(subjects.map(({ candidate }) => candidate));
    const nonces = this.#randomness.bytes(NONCE_BYTES * subjects.length);
    return encodeSubjects(
      subjects.map(({ candidate, application, fields }, at) => {
        const subject = references.get(candidate);
        if (subject === undefined) throw new Error('A candidate has no reference.');
        const nonce = nonces.toString('base64url', NONCE_BYTES * at, NONCE_BYTES * (at + 1));
        return { nonce, subject, application, fields };
      }),
    );
  }
}
