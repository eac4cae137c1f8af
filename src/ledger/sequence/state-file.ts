import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../kernel/errors.js';
import { parseOwn } from '../../kernel/json.js';

/** Where a checkpoint that is kept for good stands among those of an installation. */
export interface KeptCheckpoint {
  readonly epoch: number;
  readonly size: number;
}

/** What the sequencer knows of its tree, kept where a database administrator cannot change it. */
export interface TreeState {
  readonly epoch: number;
  readonly size: number;
  readonly root: Buffer;
  /** Hashes of the complete subtrees at the right edge, from left to right. */
  readonly frontier: readonly Buffer[];
  /** The newest checkpoint that was kept before this state was signed, if any. */
  readonly kept?: KeptCheckpoint | undefined;
}

interface Stored {
  readonly epoch: number;
  readonly size: number;
  readonly root: string;
  readonly frontier: readonly string[];
  readonly kept?: KeptCheckpoint | undefined;
}

/** `tree-state.json` in the sequencer's own folder. */
export class StateFile {
  readonly #path: string;
  /** What was last read or written here. */
  #text: string | undefined;

  constructor(directory: string) {
    this.#path = join(directory, 'tree-state.json');
  }

  /** @returns `undefined` when nothing was ever sequenced from here */
  async read(): Promise<TreeState | undefined> {
    const text = await readIfThere(this.#path);
    this.#text = text;
    if (text === undefined) return undefined;
    const stored = parseOwn<Stored>(text);
    return {
      epoch: stored.epoch,
      size: stored.size,
      root: Buffer.from(stored.root, 'base64'),
      frontier: stored.frontier.map((hash) => Buffer.from(hash, 'base64')),
      kept: stored.kept,
    };
  }

  /**
   * Replaces the file in one step; a power failure leaves the old or the new one, never half of either.
   * @throws Error when another process has written to it since: whoever was taken for dead must not turn it back
   */
  async write(state: TreeState): Promise<void> {
    const stored: Stored = {
      epoch: state.epoch,
      size: state.size,
      root: state.root.toString('base64'),
      frontier: state.frontier.map((hash) => hash.toString('base64')),
      kept: state.kept,
    };
    const text = `${JSON.stringify(stored)}\n`;
    if ((await readIfThere(this.#path)) !== this.#text)
      throw new Error('Another sequencer has written the state file.');
    await writeDurably(this.#path, text, 0o600);
    this.#text = text;
  }
}

/** @returns `undefined` when there is no such file */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file in one step and makes it and its name durable. */
export async function writeDurably(target: string, content: string | Buffer, mode: number): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, target);
  const folder = await open(dirname(target), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
