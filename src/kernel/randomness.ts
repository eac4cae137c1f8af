import { randomBytes } from 'node:crypto';

/** Where unpredictable bytes come from. Injected, so that published vectors can be reproduced. */
export abstract class Randomness {
  /** @returns `length` fresh bytes from a cryptographically secure source. */
  abstract bytes(length: number): Buffer;
}

export class SystemRandomness extends Randomness {
  override bytes(length: number): Buffer {
    return randomBytes(length);
  }
}
