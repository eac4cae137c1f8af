import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { fileTypeFromTokenizer } from 'file-type';
import { fromStream } from 'strtok3';
import { isMediaType, type MediaType } from './document.js';

/** Finds out what a file is by looking into it as it streams by. What anybody says it is does not matter. */
export class ContentTypeSearch {
  readonly #bytes = new PassThrough();
  readonly #found: Promise<string | undefined>;
  #isOver = false;

  constructor() {
    // Whoever reads hears of it; that nobody reads on is no fault.
    this.#bytes.on('error', () => undefined);
    this.#found = this.#search()
      .catch(() => undefined)
      .finally(() => {
        this.#isOver = true;
      });
  }

  /** Resolves when more can be taken; once it knows, it takes nothing more. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#isOver || this.#bytes.destroyed || this.#bytes.write(bytes)) return;
    const drained = once(this.#bytes, 'drain').catch(() => undefined);
    await Promise.race([drained, this.#found]);
  }

  /** @returns one of the accepted types, or `undefined` for anything else */
  async end(): Promise<MediaType | undefined> {
    this.#bytes.end();
    const found = await this.#found;
    return found !== undefined && isMediaType(found) ? found : undefined;
  }

  abandon(): void {
    this.#bytes.destroy();
  }

  async #search(): Promise<string | undefined> {
    return (await fileTypeFromTokenizer(await fromStream(this.#bytes)))?.mime;
  }
}
