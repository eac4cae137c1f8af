import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, checkpointText, signNote, verifierKey } from '../merkle/index.js';
import { TreeDisagrees } from './disagreement.js';
import { readIfThere, writeDurably } from './state-file.js';

const GROUP_AND_OTHERS = 0o077;
const PRIVATE = 'checkpoint-key.pem';
const VERIFIERS = 'checkpoint-key.vkey';

/** Signs checkpoints with the key that lies in a file beside the state file, never in the database. */
export class CheckpointKey {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
  }

  sign(checkpoint: Checkpoint): string {
    return signNote(checkpointText(checkpoint), checkpoint.origin, this.#privateKey, this.#publicKey);
  }

  /** What verifiers are told of this key under a name. */
  verifier(name: string): string {
    return verifierKey(name, this.#publicKey);
  }
}

/** The files of the signing key, and of what verifiers need to know. */
export class KeyFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async isThere(): Promise<boolean> {
    return (await readIfThere(join(this.#directory, PRIVATE))) !== undefined;
  }

  /**
   * @param name the checkpoints' origin, epoch included; verifiers are told of the key under it
   * @throws TreeDisagrees when the key is gone, or others can read it
   */
  async load(name: string): Promise<CheckpointKey> {
    const path = join(this.#directory, PRIVATE);
    const text = await readIfThere(path);
    if (text === undefined) throw new TreeDisagrees('checkpoint_key_missing');
    const { mode } = await stat(path);
    if ((mode & GROUP_AND_OTHERS) !== 0) throw new TreeDisagrees('checkpoint_key_readable_by_others');
    const key = new CheckpointKey(createPrivateKey(text));
    await this.#tell(key.verifier(name));
    return key;
  }

  async create(): Promise<void> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeDurably(join(this.#directory, PRIVATE), text, 0o600);
  }

  /** One line for each epoch and key, the oldest first. */
  async verifiers(): Promise<readonly string[]> {
    const text = await readIfThere(join(this.#directory, VERIFIERS));
    return (text ?? '').split('\n').filter((line) => line !== '');
  }

  async #tell(verifier: string): Promise<void> {
    const known = await this.verifiers();
    if (known.includes(verifier)) return;
    await writeDurably(join(this.#directory, VERIFIERS), `${[...known, verifier].join('\n')}\n`, 0o644);
  }
}
