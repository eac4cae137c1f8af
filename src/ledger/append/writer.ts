import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  type EntryDraft,
  encodeEntry,
  type Envelope,
  envelopeOf,
  type SubjectRecord,
} from '../entry/entry.js';
import { rawPublicKey } from '../merkle/signed-note.js';

/** An entry ready to be staged. */
export interface SignedEntry {
  readonly entryId: string;
  readonly writer: string;
  readonly n: number;
  readonly envelope: Buffer;
  readonly subjects: Buffer;
  readonly signature: Buffer;
}

/** What of an entry does not depend on its place in the stream. */
export interface PreparedEntry {
  readonly id: string;
  readonly at: Date;
  readonly draft: EntryDraft;
  readonly origin: { readonly address: string; readonly network: string };
  readonly records: readonly SubjectRecord[];
}

/**
 * `reads`: contiguous, each entry naming the hash of the one before, so that one removed or exchanged is missed.
 * `changes`: staged in business transactions, which may roll back, so numbers may be missing there; each entry is
 * signed all the same.
 */
export type StreamKind = 'reads' | 'changes';

/** One stream of signed entries of one process. Its key lives in this process's memory and nowhere else. */
export class Writer {
  readonly id: string;
  readonly kind: StreamKind;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  #n = 0;
  #previous: Buffer | null = null;

  constructor(id: string, kind: StreamKind) {
    this.id = id;
    this.kind = kind;
    const pair = generateKeyPairSync('ed25519');
    this.#privateKey = pair.privateKey;
    this.#publicKey = pair.publicKey;
  }

  get publicKey(): Buffer {
    return rawPublicKey(this.#publicKey);
  }

  sign(prepared: PreparedEntry): SignedEntry {
    this.#n += 1;
    const envelope: Envelope = envelopeOf(prepared.draft, {
      ...prepared,
      writer: this.id,
      n: this.#n,
      previous: this.kind === 'reads' ? this.#previous : null,
    });
    const bytes = encodeEntry(envelope);
    this.#previous = createHash('sha256').update(bytes).digest();
    return {
      entryId: prepared.id,
      writer: this.id,
      n: this.#n,
      envelope: bytes,
      subjects: encodeEntry(prepared.records),
      signature: sign(null, bytes, this.#privateKey),
    };
  }
}
