import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../kernel/errors.js';

/** What the sequencer knows of its tree, kept where a database administrator cannot change it. */
export interface TreeState {
  readonly epoch: number;
  readonly size: number;
  readonly root: Buffer;
  /** Hashes of the complete subtrees at the right edge, from left to right. */
  readonly frontier: readonly Buffer[];
}

interface Stored {
  readonly epoch: number;
  readonly size: number;
  readonly root: string;
  readonly frontier: readonly string[];
}

const path = (directory: string): string => join(directory, 'tree-state.json');

/** @returns `undefined` when nothing was ever sequenced from here */
export async function readTreeState(directory: string): Promise<TreeState | undefined> {
  let text: string;
  try {
    text = await readFile(path(directory), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const stored: Stored = JSON.parse(text);
  return {
    epoch: stored.epoch,
    size: stored.size,
    root: Buffer.from(stored.root, 'base64'),
    frontier: stored.frontier.map((hash) => Buffer.from(hash, 'base64')),
  };
}

/** Replaces the file in one step; a power failure leaves the old or the new one, never half of either. */
export async function writeTreeState(directory: string, state: TreeState): Promise<void> {
  const stored: Stored = {
    epoch: state.epoch,
    size: state.size,
    root: state.root.toString('base64'),
    frontier: state.frontier.map((hash) => hash.toString('base64')),
  };
  await writeDurably(path(directory), `${JSON.stringify(stored)}\n`);
}

/** Writes a file readable by its owner only, and makes it and its name durable. */
export async function writeDurably(target: string, text: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
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
