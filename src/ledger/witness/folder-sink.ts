import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../kernel/errors.js';
import type { FolderSink as FolderSettings } from '../../platform/config/sink-urls.js';
import { type Acceptance, checkpointName, type Publication, type Sink, SinkObjects } from './sink.js';

const READ_ONLY = 0o444;

/**
 * A file for each checkpoint, made once and never written again: the folder may be one in which files can be added and
 * nothing else (`chattr +a`, a write-once share), so nothing is renamed or removed.
 */
export class FolderSink implements Sink {
  readonly name: string;
  readonly #path: string;

  constructor({ name, path }: FolderSettings) {
    this.name = name;
    this.#path = path;
  }

  async publish({ checkpoint }: Publication): Promise<Acceptance> {
    await mkdir(this.#path, { recursive: true, mode: 0o755 });
    const path = join(this.#path, checkpointName(checkpoint));
    const note = Buffer.from(checkpoint.note);
    const there = await contentOf(path);
    if (there?.equals(note) === true) return {};
    // What a crash has cut short is the beginning of the same note; anything else is another one.
    if (there !== undefined && !note.subarray(0, there.length).equals(there)) throw new SinkObjects('fork');
    await this.#write(path, note.subarray(there?.length ?? 0), there === undefined);
    return {};
  }

  async #write(path: string, rest: Buffer, isNew: boolean): Promise<void> {
    const file = await open(path, isNew ? 'ax' : 'a', 0o644);
    try {
      await file.writeFile(rest);
      await file.chmod(READ_ONLY);
      await file.sync();
    } finally {
      await file.close();
    }
    const folder = await open(this.#path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
