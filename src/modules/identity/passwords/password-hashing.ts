import { Injectable } from '@nestjs/common';
import argon2, { type HashOptions } from 'argon2';
import { Settings } from '../../../platform/config/settings.js';
import { costOf, type HashCost, isWeaker, remainder, workOf } from './hash-cost.js';
import { HashingQueue, type Lane } from './hashing-queue.js';
import { normalisePassword } from './password-rules.js';

/** argon2id (RFC 9106) with the parameters of the settings; off the event loop, through a bounded queue. */
@Injectable()
export class PasswordHashing {
  readonly #queue: HashingQueue;
  readonly #wanted: HashCost;
  /** The dearest parameters in use as far as this process has seen: every check takes as long as one with them. */
  #dearest: HashCost;

  constructor(queue: HashingQueue, settings: Settings) {
    const { memoryKiB, iterations, parallelism } = settings.passwords;
    this.#queue = queue;
    this.#wanted = { memoryKiB, iterations, parallelism };
    this.#dearest = this.#wanted;
  }

  /** @throws Failure `service_unavailable` when too many wait */
  hash(password: string, lane: Lane = 'anyone'): Promise<string> {
    return this.#queue.run(lane, () => argon2.hash(normalisePassword(password), optionsOf(this.#wanted)));
  }

  /** @throws Failure `service_unavailable` when too many wait already */
  requireRoom(lane: Lane): void {
    this.#queue.requireRoom(lane);
  }

  /**
   * A hash with weaker parameters than the dearest in use is quicker to check; the rest of that time is spent on
   * nothing, else it would tell that there is an account and how long nobody has signed in to it.
   * @throws Failure `service_unavailable` when too many wait
   */
  matches(hash: string, password: string, lane: Lane = 'anyone'): Promise<boolean> {
    return this.#queue.run(lane, async () => {
      const normal = normalisePassword(password);
      const isRight = await argon2.verify(hash, normal);
      const cost = costOf(hash);
      if (cost === undefined) return isRight;
      if (workOf(cost) > workOf(this.#dearest)) this.#dearest = cost;
      const rest = remainder(cost, this.#dearest);
      if (rest !== undefined) await argon2.hash(normal, optionsOf(rest));
      return isRight;
    });
  }

  /** Whether the settings ask for more by now than when this hash was made. */
  isOutdated(hash: string): boolean {
    const cost = costOf(hash);
    return cost === undefined || isWeaker(cost, this.#wanted);
  }
}

const optionsOf = ({ memoryKiB, iterations, parallelism }: HashCost): HashOptions & { raw: false } => ({
  type: argon2.argon2id,
  memoryCost: memoryKiB,
  timeCost: iterations,
  parallelism,
  raw: false,
});
