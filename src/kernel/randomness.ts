import { randomBytes } from 'node:crypto';

/** Where unpredictable bytes come from. Injected, so that published vectors can be reproduced. */
export abstract class Randomness {
  /** @returns `length` fresh bytes from a cryptographically secure source. */
  abstract bytes(length: number): Buffer;
}

/** A number from 0 up to 1, which it never is: as likely as any other of 2^32. */
export function fractionFrom(randomness: Randomness): number {
  return randomness.bytes(4).readUInt32BE() / 0x1_0000_0000;
}

/** What is drawn at once for short requests: a call of the source costs as much as sealing a tenth of a kilobyte. */
const DRAWN_BYTES = 4_096;
/** Nonces and ids come from the supply; a key is drawn on its own, so that no copy of it lies elsewhere. */
const SHORT_BYTES = 16;

export class SystemRandomness extends Randomness {
  #drawn: Buffer = Buffer.alloc(0);
  #used = 0;

  override bytes(length: number): Buffer {
    if (length > SHORT_BYTES) return randomBytes(length);
    if (this.#used + length > this.#drawn.length) {
      this.#drawn = randomBytes(DRAWN_BYTES);
      this.#used = 0;
    }
    // Each byte is given out once; a copy, so that whoever writes into theirs writes into nobody else's.
    const given = Buffer.from(this.#drawn.subarray(this.#used, this.#used + length));
    this.#drawn.fill(0, this.#used, this.#used + length);
    this.#used += length;
    return given;
  }
}
