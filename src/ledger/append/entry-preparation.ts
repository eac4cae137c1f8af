import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { CandidateId } from '../../kernel/ids.js';
import { newId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import type { EntryDraft, SubjectRecord } from '../entry/entry.js';
import { networkOf } from '../entry/network.js';
import { OriginHasher } from '../entry/origin-hasher.js';
import type { PreparedEntry } from './writer.js';

/** Looks up the random references under which the ledger knows candidates. */
export type FindReferences = (candidates: readonly CandidateId[]) => Promise<ReadonlyMap<string, string>>;

/** Turns what a room says into what the ledger keeps: pseudonyms for people and places, nonces, an id, the time. */
@Injectable()
export class EntryPreparation {
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #origins: OriginHasher;

  constructor(clock: Clock, randomness: Randomness, origins: OriginHasher) {
    this.#clock = clock;
    this.#randomness = randomness;
    this.#origins = origins;
  }

  async prepare(draft: EntryDraft, find: FindReferences): Promise<PreparedEntry> {
    const at = this.#clock.now();
    const { address } = draft.context;
    const [records, own, network] = await Promise.all([
      this.#records(draft, find),
      this.#origins.hash(address),
      this.#origins.hash(networkOf(address)),
    ]);
    return { id: newId<'entry'>(at.getTime()), at, draft, origin: { address: own, network }, records };
  }

  async #records(draft: EntryDraft, find: FindReferences): Promise<readonly SubjectRecord[]> {
    const subjects = draft.subjects ?? [];
    if (subjects.length === 0) return [];
    const references = await find(subjects.map(({ candidate }) => candidate));
    return subjects.map(({ candidate, application, fields }) => {
      const subject = references.get(candidate);
      if (subject === undefined) throw new Error('Every candidate has a reference once it was asked for.');
      return {
        nonce: this.#randomness.bytes(16).toString('base64url'),
        subject,
        application: application ?? null,
        fields: [...fields],
      };
    });
  }
}
