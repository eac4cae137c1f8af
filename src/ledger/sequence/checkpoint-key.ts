import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, checkpointText, signNote, verifierKey } from '../merkle/index.js';
import { TreeDisagrees } from './disagreement.js';
import { readIfThere, writeDurably } from './state-file.js';

const GROUP_AND_OTHERS = 0o077;

/** The key that signs checkpoints: a file beside the state file, never in the database. */
export class CheckpointKey {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  private constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
  }

  /**
   * Reads the key. For a tree that begins here, one is made when there is none, and the verifiers' half left beside it.
   * @param name the checkpoints' origin, epoch included
   * @throws TreeDisagrees when the key of a tree that was signed before is gone, or others can read it
   */
  static async load(directory: string, name: string, isNewTree: boolean): Promise<CheckpointKey> {
    const path = join(directory, 'checkpoint-key.pem');
    const text = await readIfThere(path);
    if (text !== undefined) {
      const { mode } = await stat(path);
      if ((mode & GROUP_AND_OTHERS) !== 0) throw new TreeDisagrees('checkpoint_key_readable_by_others');
      return new CheckpointKey(createPrivateKey(text));
    }
    if (!isNewTree) throw new TreeDisagrees('checkpoint_key_missing');
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await writeDurably(join(directory, 'checkpoint-key.vkey'), `${verifierKey(name, publicKey)}\n`, 0o644);
    await writeDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
    return new CheckpointKey(privateKey);
  }

  sign(checkpoint: Checkpoint): string {
    return signNote(checkpointText(checkpoint), checkpoint.origin, this.#privateKey, this.#publicKey);
  }
}
