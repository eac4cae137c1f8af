import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { newId } from '../../kernel/ids.js';
import { signBatch } from '../entry/batch-signature.js';
import { canonicalBytes } from '../entry/canonical.js';
import {
  type EntryDraft,
  type Envelope,
  envelopeOf,
  type Introduction,
  type StreamKind,
} from '../entry/entry.js';
import type { EncodedSubjects } from '../entry/subject-record.js';
import { rawPublicKey, sha256 } from '../merkle/index.js';

/** An entry with its place in its stream. */
export interface PlacedEntry {
  readonly entryId: string;
  readonly writer: string;
  readonly n: number;
  readonly envelope: Buffer;
  readonly subjects: Buffer;
  /** SHA-256 of the envelope, by which the stream's next entry names this one. */
  readonly digest: Buffer;
}

/** An entry ready to be staged, together with those that it was signed with. */
export interface SignedEntry extends PlacedEntry {
  /** That of the batch, and the entry's place in it. */
  readonly signature: Buffer;
}

/** What of an entry does not depend on its place in the stream. */
export interface PreparedEntry {
  readonly draft: EntryDraft;
  readonly introduces: Introduction | undefined;
  readonly origin: Envelope['origin'];
  readonly subjects: EncodedSubjects;
}

/** One stream of signed entries of one process. Its key lives in this process's memory and nowhere else. */
export class Writer {
  readonly id: string;
  readonly stream: StreamKind;
  /** Raw Ed25519 key, 32 bytes. */
  readonly publicKey: Buffer;
  readonly #privateKey: KeyObject;
  #n = 0;
  #latestMs = 0;
  #previous: Buffer | undefined;

  constructor(id: string, stream: StreamKind) {
    this.id = id;
    this.stream = stream;
    const pair = generateKeyPairSync('ed25519');
    this.#privateKey = pair.privateKey;
    this.publicKey = rawPublicKey(pair.publicKey);
  }

  /**
   * Gives an entry its id, its time and its place. Ids and times of a stream never go backwards, whatever the clock
   * does, so that the sequencer, which reads by id, meets a stream's entries in their order.
   */
  place({ draft, introduces, origin, subjects }: PreparedEntry, now: Date): PlacedEntry {
    this.#n += 1;
    this.#latestMs = Math.max(this.#latestMs, now.getTime());
    const entryId = newId<'entry'>(this.#latestMs, this.#n % 2 ** 32);
    const envelope = canonicalBytes(
      envelopeOf(draft, {
        id: entryId,
        at: new Date(this.#latestMs),
        introduces,
        origin,
        count: Math.max(1, subjects.count),
        subjectsRoot: subjects.root,
        writer: this.id,
        n: this.#n,
        previous: this.stream === 'reads' ? this.#previous : undefined,
      }),
    );
    const digest = sha256(envelope);
    this.#previous = digest;
    return {
      entryId,
      writer: this.id,
      n: this.#n,
      envelope,
      subjects: subjects.bytes,
      digest,
    };
  }

  /** Signs entries that are staged by one commit. @param entries in their order */
  sign(entries: readonly PlacedEntry[]): readonly SignedEntry[] {
    const signatures = signBatch(
      this.id,
      entries.map(({ envelope }) => envelope),
      (text) => this.signBytes(text),
    );
    return entries.flatMap((entry, at) => {
      const signature = signatures[at];
      return signature === undefined ? [] : [{ ...entry, signature }];
    });
  }

  signBytes(bytes: Buffer): Buffer {
    return sign(null, bytes, this.#privateKey);
  }
}
