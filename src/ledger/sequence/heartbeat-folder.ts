import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../kernel/errors.js';
import { parseHeartbeat, type SignedHeartbeat } from '../entry/heartbeat.js';
import { readIfThere } from './state-file.js';

const ENDING = '.json';

/** Where every process says how far its entries are durable; one file a stream. */
export class HeartbeatFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** What is there and is a heartbeat by its form. */
  async read(): Promise<readonly SignedHeartbeat[]> {
    const texts = (await this.#names()).map((name) => readIfThere(join(this.#path, name)));
    return (await Promise.all(texts)).flatMap((text) => parseHeartbeat(text ?? '') ?? []);
  }

  /** Removes one that has nothing more to tell. */
  async remove(writer: string): Promise<void> {
    await rm(join(this.#path, writer + ENDING), { force: true });
  }

  /** Puts one aside for the inquiry, so that it is told of once. */
  async putAside(writer: string): Promise<void> {
    await rename(join(this.#path, writer + ENDING), join(this.#path, `${writer}.lost`));
  }

  async #names(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#path)).filter((name) => name.endsWith(ENDING));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  }
}
