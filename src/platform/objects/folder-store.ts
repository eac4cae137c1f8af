import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure, systemCode } from '../../kernel/errors.js';
import { fromStore, ObjectStore, storeUnavailable } from './object-store.js';

/** Only the owner reads and writes here. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** A file for each object, in 256 folders by the beginning of its name. */
export class FolderStore extends ObjectStore {
  readonly #folder: string;

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  override async put(name: string, content: AsyncIterable<Buffer>): Promise<void> {
    const [path, part] = [this.#path(name), this.#part(name)];
    try {
      await faultsOfOurs(async () => {
        await mkdir(dirname(part), { recursive: true, mode: FOLDER_MODE });
        await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
      });
      const file = await faultsOfOurs(() => open(part, 'wx', FILE_MODE));
      // Closes the file, however it ends; what was written is on the disk before it has its name.
      await pipeline(content, file.createWriteStream({ flush: true }));
      await faultsOfOurs(async () => {
        await rename(part, path);
        await synchronise(dirname(path));
      });
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw systemCode(error) === undefined || error instanceof Failure ? error : storeUnavailable(error);
    }
  }

  override async get(name: string): Promise<AsyncIterable<Buffer>> {
    try {
      const file = await open(this.#path(name), 'r');
      return fromStore(file.createReadStream());
    } catch (cause) {
      if (systemCode(cause) !== 'ENOENT') throw storeUnavailable(cause);
      throw new Failure('sealed_value_unreadable', { privateDetail: 'the store has no such object', cause });
    }
  }

  override async delete(name: string): Promise<void> {
    await faultsOfOurs(async () => {
      await rm(this.#path(name), { force: true });
      await rm(this.#part(name), { force: true });
    });
  }

  #path(name: string): string {
    return join(this.#folder, name.slice(0, 2), name);
  }

  /** What is not whole yet. */
  #part(name: string): string {
    return join(this.#folder, 'incoming', name);
  }
}

/** A name that is new, or gone, outlasts a power cut. */
async function synchronise(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function faultsOfOurs<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw storeUnavailable(cause);
  }
}
