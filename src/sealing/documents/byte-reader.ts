/** Takes bytes from a stream in the sizes that are wanted, holding no more than one of them and what came last. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #left: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** @returns exactly `size` bytes, or fewer at the end */
  async read(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = size;
    while (missing > 0) {
      if (this.#left.length === 0) {
        const next = await this.#source.next();
        if (next.done === true) break;
        this.#left = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
      const part = this.#left.subarray(0, missing);
      this.#left = this.#left.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** Whatever has not been read yet. */
  async *rest(): AsyncGenerator<Buffer, void, undefined> {
    if (this.#left.length > 0) yield this.#left;
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
  }

  /** Lets go of the source, which may be an open file. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
