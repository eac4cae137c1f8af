import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Failure } from '../../../kernel/errors.js';
import { originOf } from '../../../kernel/ip-network.js';
import { HttpKeys } from '../../../platform/http/http-keys.js';
import { rateHeaders } from '../../../platform/http/rate-limits.js';
import { normaliseEmail } from '../../../sealing/index.js';
import { AttemptStore } from './attempt-store.js';

/** What guesses are counted against. */
export type Target =
  /** The account of an address, whether there is one or not, tried from somewhere. */
  | { readonly kind: 'account'; readonly email: string; readonly address: string }
  /** A session that asks for more: whoever holds it uses up its own attempts and nobody else's. */
  | { readonly kind: 'session'; readonly sessionId: string }
  /** A ticket to enrol with: the same. */
  | { readonly kind: 'ticket'; readonly ticket: string }
  /** An account, by somebody who has shown something of it already: strangers cannot raise this count. */
  | { readonly kind: 'shown'; readonly what: 'mailed_token' | 'identity'; readonly accountId: string };

/** Something that is right or wrong, and may be tried again and again. */
export interface Guess<T> {
  /** @returns `undefined` when it is wrong; what is thrown does not count */
  readonly look: () => Promise<T | undefined>;
  /** Records the first one in a row that was not looked at. */
  readonly turnedAway: () => Promise<void>;
}

/** Where an attempt comes from, and what it counts against. */
export interface Arrival {
  readonly key: Buffer;
  /** Under which whoever signs in from there is known from then on. */
  readonly network: Buffer | undefined;
  readonly isKnown: boolean;
}

/** That no attempt is looked at before a moment. */
export class TurnedAway extends Failure {
  /** Whether it is the first one since the last that was looked at. */
  readonly isFirst: boolean;

  constructor(seconds: number, isFirst: boolean) {
    super('too_many_requests', {
      headers: {
        'retry-after': String(seconds),
        ...rateHeaders('sign_in_account', {
          limit: 1,
          remaining: 0,
          resetSeconds: seconds,
          windowSeconds: seconds,
        }),
      },
    });
    this.isFirst = isFirst;
  }
}

/**
 * Slows guessing down without shutting the owner out. All the networks from which nobody has signed in to an account
 * share one count for it; each network from which its owner has, has a count of its own, which nobody elsewhere can
 * raise. Known and unknown addresses are counted alike.
 */
@Injectable()
export class Attempts {
  readonly #store: AttemptStore;
  readonly #keys: HttpKeys;
  readonly #clock: Clock;

  constructor(store: AttemptStore, keys: HttpKeys, clock: Clock) {
    this.#store = store;
    this.#keys = keys;
    this.#clock = clock;
  }

  async arrive(target: Target): Promise<Arrival> {
    const { lane, network } = await this.#keysOf(target);
    if (network === undefined) return { key: lane, network, isKnown: false };
    const now = this.#clock.now();
    const isKnown = await this.#store.isKnown(network, now);
    return { key: isKnown ? network : lane, network, isKnown };
  }

  /**
   * Counts an attempt as a failure before it is looked at, so that of many at once no more are looked at than may be.
   * @throws TurnedAway `too_many_requests` with `Retry-After`
   */
  async begin({ key }: Arrival): Promise<void> {
    const now = this.#clock.now();
    const begun = await this.#store.begin(key, now);
    if (begun.kind === 'begun') return;
    const seconds = Math.max(1, Math.ceil((begun.nextAt.getTime() - now.getTime()) / 1_000));
    throw new TurnedAway(seconds, begun.isFirst);
  }

  /**
   * Looks at a guess when it may be looked at; one that is right begins the count anew.
   * @returns what `look` does
   * @throws TurnedAway `too_many_requests` with `Retry-After`
   */
  async guess<T>(target: Target, { look, turnedAway }: Guess<T>): Promise<T | undefined> {
    const arrival = await this.arrive(target);
    try {
      await this.begin(arrival);
    } catch (error) {
      if (error instanceof TurnedAway && error.isFirst) await turnedAway();
      throw error;
    }
    const found = await look().catch(async (error: unknown) => {
      await this.withdraw(arrival);
      throw error;
    });
    if (found !== undefined) await this.succeeded(arrival);
    return found;
  }

  /** Somebody has proven that the account of an address is theirs: from there nobody elsewhere holds them up. */
  async welcome(email: string, address: string): Promise<{ readonly wasKnown: boolean }> {
    const arrival = await this.arrive({ kind: 'account', email, address });
    await this.succeeded(arrival, false);
    return { wasKnown: arrival.isKnown };
  }

  /** It could not be looked at after all, for no fault of whoever made it. */
  async withdraw({ key }: Arrival): Promise<void> {
    await this.#store.takeOff(key);
  }

  /** It was right: it does not count, and its network is known. @param isCounted whether it was begun */
  async succeeded({ key, network, isKnown }: Arrival, isCounted = true): Promise<void> {
    // Strangers' failures stay: who sees them vanish learns that the owner exists and was here.
    const isOwn = isKnown || network === undefined;
    const settled = isOwn ? 'cleared' : isCounted ? 'taken off' : 'left';
    await this.#store.settle(key, settled, network ?? null, this.#clock.now());
  }

  async #keysOf(target: Target): Promise<{ readonly lane: Buffer; readonly network: Buffer | undefined }> {
    const key = await this.#keys.origin();
    const digest = (...parts: readonly string[]): Buffer =>
      createHmac('sha256', key)
        .update(JSON.stringify(['attempt', ...parts]))
        .digest();
    switch (target.kind) {
      case 'account': {
        const email = normaliseEmail(target.email);
        return {
          lane: digest('account', email),
          network: digest('account', email, originOf(target.address)),
        };
      }
      case 'session':
        return { lane: digest('session', target.sessionId), network: undefined };
      case 'ticket':
        return { lane: digest('ticket', target.ticket), network: undefined };
      case 'shown':
        return { lane: digest('shown', target.what, target.accountId), network: undefined };
    }
  }
}
