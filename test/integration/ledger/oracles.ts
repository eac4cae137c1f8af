import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';

const VERIFIER = join(import.meta.dirname, '../../../tools/verify-ledger.mjs');

export interface Verdict {
  /** 0: nothing wrong, 1: tampered, 2: cannot tell. */
  readonly code: number;
  readonly output: string;
}

/** The standalone verifier, in a process of its own. */
export function verifyAlone(...args: readonly string[]): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [VERIFIER, ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, output: stdout + stderr });
      else reject(error ?? new Error('The verifier has no exit code.'));
    });
  });
}

export interface Proven {
  readonly entry: string;
  readonly proof: string;
}

/** Every proof by the standalone verifier. */
export async function proofsHold(folder: string, key: string, proofs: readonly Proven[]): Promise<Verdict> {
  const file = join(folder, 'proofs.ndjson');
  await writeFile(file, proofs.map((proof) => `${JSON.stringify(proof)}\n`).join(''));
  return verifyAlone(file, '--proofs', '--key', key);
}

/** One proof by Sigstore's inclusion check. @throws Error when it does not hold */
export function requireInclusion({ entry, proof }: Proven): void {
  const end = proof.indexOf('\n\n');
  const [, index = '', ...hashes] = proof.slice(0, end).split('\n');
  const note = proof.slice(end + 2);
  const checkpoint = LogCheckpoint.fromString(note.slice(0, note.indexOf('\n\n') + 1));
  verifyMerkleInclusion(
    {
      logIndex: '0',
      logId: { keyId: Buffer.alloc(0) },
      kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
      integratedTime: '0',
      inclusionPromise: undefined,
      canonicalizedBody: Buffer.from(entry, 'base64'),
      inclusionProof: {
        logIndex: index.replace('index ', ''),
        treeSize: String(checkpoint.logSize),
        rootHash: checkpoint.logHash,
        hashes: hashes.map((hash) => Buffer.from(hash, 'base64')),
        checkpoint: { envelope: note },
      },
    },
    checkpoint,
  );
}
