import { generate } from 'otplib';

/** The authenticator app of a person: computes codes from the enrolled secret (RFC 6238). */
export class Authenticator {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** @param at the moment for which a code is wanted, in milliseconds */
  code(at: number = Date.now()): Promise<string> {
    return generate({ secret: this.#secret, epoch: Math.floor(at / 1_000) });
  }

  /** A well-formed code that is not the right one now, before or after. */
  async wrongCode(at: number = Date.now()): Promise<string> {
    const near = await Promise.all([-30_000, 0, 30_000].map((offset) => this.code(at + offset)));
    const candidates = ['000000', '111111', '222222', '333333'];
    return candidates.find((candidate) => !near.includes(candidate)) ?? '444444';
  }
}
