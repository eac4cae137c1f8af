import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { canonicalBytes } from '../entry/canonical.js';
import {
  type EntryDraft,
  type Envelope,
  envelopeOf,
  type Introduction,
  type StreamKind,
} from '../entry/entry.js';
import { joinRecords, subjectsRoot } from '../entry/subject-record.js';
import { rawPublicKey } from '../merkle/index.js';

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
  readonly introduces: Introduction | undefined;
  readonly origin: Envelope['origin'];
  /** The subjects' records, encoded. */
  readonly records: readonly Buffer[];
}

/** One stream of signed entries of one process. Its key lives in this process's memory and nowhere else. */
export class Writer {
  readonly id: string;
  readonly stream: StreamKind;
  /** Raw Ed25519 key, 32 bytes. */
  readonly publicKey: Buffer;
  readonly #privateKey: KeyObject;
  #n = 0;
  #previous: Buffer | undefined;

  constructor(id: string, stream: StreamKind) {
    this.id = id;
    this.stream = stream;
    const pair = generateKeyPairSync('ed25519');
    this.#privateKey = pair.privateKey;
    this.publicKey = rawPublicKey(pair.publicKey);
  }

  sign(prepared: PreparedEntry): SignedEntry {
    this.#n += 1;
    const { records } = prepared;
    const envelope = canonicalBytes(
      envelopeOf(prepared.draft, {
        ...prepared,
        count: Math.max(1, records.length),
        subjectsRoot: subjectsRoot(records),
        writer: this.id,
        n: this.#n,
        previous: this.stream === 'reads' ? this.#previous : undefined,
      }),
    );
    this.#previous = createHash('sha256').update(envelope).digest();
    return {
      entryId: prepared.id,
      writer: this.id,
      n: this.#n,
      envelope,
      subjects: joinRecords(records),
      signature: sign(null, envelope, this.#privateKey),
    };
  }
}
