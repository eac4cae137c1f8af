import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  consistencyProof,
  Frontier,
  leafHash,
  nodeFromLeaves,
  signNote,
  checkpointText,
  verifierKey,
} from '../../../../src/ledger/merkle/index.js';
import type { Publication } from '../../../../src/ledger/witness/sink.js';

/** A log of its own with a key of its own, for giving sinks checkpoints without a database. */
export class SmallLog {
  readonly origin: string;
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #leaves: Buffer[];

  /** @param seed logs of one seed have the same leaves */
  constructor(seed = 'log', origin = 'test.localhost/audit/1') {
    this.origin = origin;
    this.#leaves = Array.from({ length: 100 }, (_, at) =>
      leafHash(createHash('sha256').update(`${seed}${at}`).digest()),
    );
  }

  get verifier(): string {
    return verifierKey(this.origin, this.#keys.publicKey);
  }

  /** @param known size that the sink is said to have */
  publication(size: number, known = 0): Publication {
    const frontier = Frontier.empty();
    for (const leaf of this.#leaves.slice(0, size)) frontier.append(leaf);
    const text = checkpointText({ origin: this.origin, size, root: frontier.root() });
    const note = signNote(text, this.origin, this.#keys.privateKey, this.#keys.publicKey);
    return {
      checkpoint: { epoch: 1, size, note, at: new Date('2026-11-23T09:30:00.000Z') },
      known,
      consistency: (from) => consistencyProof(nodeFromLeaves(this.#leaves.slice(0, size)), from, size),
    };
  }
}
