import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../kernel/errors.js';
import { type Checkpoint, checkpointText, signNote, verifierKey } from '../merkle/signed-note.js';
import { writeDurably } from './state-file.js';

/** The key that signs checkpoints: a file beside the state file, never in the database. */
export class CheckpointKey {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  private constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
  }

  /** Reads the key, or makes one the first time and leaves the verifiers' half beside it. */
  static async load(directory: string, name: string): Promise<CheckpointKey> {
    const path = join(directory, 'checkpoint-key.pem');
    try {
      return new CheckpointKey(createPrivateKey(await readFile(path)));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const key = new CheckpointKey(privateKey);
    await writeDurably(join(directory, 'checkpoint-key.vkey'), `${key.verifier(name)}\n`);
    return key;
  }

  /** @param name the checkpoints' origin, epoch included */
  verifier(name: string): string {
    return verifierKey(name, this.#publicKey);
  }

  sign(checkpoint: Checkpoint): string {
    return signNote(checkpointText(checkpoint), checkpoint.origin, this.#privateKey, this.#publicKey);
  }
}
