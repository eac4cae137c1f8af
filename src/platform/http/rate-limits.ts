import { createHmac } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { Settings } from '../config/settings.js';
import { createPool } from '../database/pool.js';
import { type Attempt, AttemptCounters, type Counted } from './attempt-counters.js';
import { HttpKeys } from './http-keys.js';
import { LimitJournal } from './limit-journal.js';

export interface RatePolicy {
  /** Requests allowed in one window. */
  readonly points: number;
  /** Length of the window in seconds. */
  readonly seconds: number;
}

/** Limits for routes that anybody may call, per origin unless told. Generous for a shared office address, tight for a guesser. */
export const RATE_POLICIES = {
  registration: { points: 30, seconds: 3_600 },
  confirmation: { points: 60, seconds: 3_600 },
  sign_in: { points: 60, seconds: 600 },
  passkey_challenge: { points: 120, seconds: 600 },
  /** Over all origins and accounts; how many, the settings say. */
  sign_in_everywhere: { points: 6_000, seconds: 60 },
  /** Not a limit: counted, and an alert beyond what the settings say. */
  sign_in_refusals: { points: 500, seconds: 600 },
  // Mails that anybody can have sent to an address that may not be theirs: to one from one network, to one, to all.
  mail_to_address_from_network: { points: 3, seconds: 3_600 },
  mail_to_address: { points: 9, seconds: 3_600 },
  mail_by_anyone: { points: 5_000, seconds: 3_600 },
  /** By person: each reads and opens everything of theirs. */
  personal_export: { points: 10, seconds: 3_600 },
  public_search: { points: 600, seconds: 60 },
  /** The authorization server’s endpoints, whoever asks; tokens last for five minutes. */
  oauth: { points: 600, seconds: 60 },
  /** The same, by the client that has proven itself. */
  oauth_client: { points: 300, seconds: 60 },
  /** Agencies’ requests that are refused, each of which is an entry of the ledger; those that are right are not counted. */
  agency_refusals: { points: 120, seconds: 60 },
} as const satisfies Record<string, RatePolicy>;

export type RatePolicyName = keyof typeof RATE_POLICIES;

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly windowSeconds: number;
}

/** One that a statement counts which does more than that, in `platform.rate_limit`. */
export interface LimitedAttempt extends Attempt {
  /** Allowed in one window. */
  readonly points: number;
}

/** A window's points are spent. */
class LimitReached extends Failure {
  /** Whether this is the first request in its window that finds it so. */
  readonly isFirst: boolean;

  constructor(name: RatePolicyName, state: RateState, isFirst: boolean) {
    super('too_many_requests', {
      headers: { 'retry-after': String(state.resetSeconds), ...rateHeaders(name, state) },
    });
    this.isFirst = isFirst;
  }
}

/** Counters shared by every process, in PostgreSQL. Keys are keyed hashes: no address or account is stored. */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  readonly #keys: HttpKeys;
  readonly #journal: LimitJournal;
  readonly #pool;
  readonly #policies: Readonly<Record<RatePolicyName, RatePolicy>>;
  readonly #counters: AttemptCounters;

  constructor(settings: Settings, keys: HttpKeys, journal: LimitJournal) {
    this.#keys = keys;
    this.#journal = journal;
    const { strangersPerMinute, alertRefusals } = settings.signIn;
    this.#policies = {
      ...RATE_POLICIES,
      sign_in_everywhere: { ...RATE_POLICIES.sign_in_everywhere, points: strangersPerMinute },
      sign_in_refusals: { ...RATE_POLICIES.sign_in_refusals, points: alertRefusals },
    };
    this.#pool = createPool(settings.database.appUrl, {
      applicationName: 'sceau-limits',
      max: 2,
      statementTimeoutMs: settings.database.timeoutMs,
    });
    this.#counters = new AttemptCounters(this.#pool);
  }

  /**
   * Counts one attempt.
   * @param subject whatever is limited (an address, an account id); only its keyed hash is kept
   * @throws Failure `too_many_requests` with `Retry-After` once the window's points are spent; `service_unavailable`
   *   when it is not counted in time (`settings.database.timeoutMs`)
   */
  async consume(name: RatePolicyName, subject: string): Promise<RateState> {
    return this.#judge(name, await this.#count(name, subject));
  }

  /**
   * The same for a request; the first beyond the limit in each window is recorded.
   * @throws as `consume`
   */
  async enforce(name: RatePolicyName, subject: string, context: RequestContext): Promise<RateState> {
    return this.judge(name, await this.#count(name, subject), context);
  }

  /** For whoever counts it in a statement of their own and has it judged afterwards. @param subject as in `consume` */
  async attempt(name: RatePolicyName, subject: string): Promise<LimitedAttempt> {
    const { seconds, points } = this.#policies[name];
    const key = createHmac('sha256', await this.#keys.origin())
      .update(`${name}\n${subject}`)
      .digest('base64url');
    return { key: `${name}:${key}`, seconds, points };
  }

  /**
   * What becomes of a request whose attempt was counted; the first beyond the limit in each window is recorded.
   * @throws Failure `too_many_requests` as `consume`
   */
  async judge(name: RatePolicyName, counted: Counted, context: RequestContext): Promise<RateState> {
    try {
      return this.#judge(name, counted);
    } catch (error) {
      if (error instanceof LimitReached && error.isFirst) await this.#journal.reached(name, context);
      throw error;
    }
  }

  /** Counts one, whatever the limit. @returns whether it is the first in its window beyond the policy's points */
  async exceeds(name: RatePolicyName, subject: string): Promise<boolean> {
    return (await this.#count(name, subject)).count === this.#policies[name].points + 1;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }

  #judge(name: RatePolicyName, counted: Counted): RateState {
    const policy = this.#policies[name];
    const state = stateOf(policy, counted);
    if (counted.count > policy.points)
      throw new LimitReached(name, state, counted.count === policy.points + 1);
    return state;
  }

  async #count(name: RatePolicyName, subject: string): Promise<Counted> {
    const attempt = await this.attempt(name, subject);
    try {
      return await this.#counters.count(attempt);
    } catch (cause) {
      // Without its counters nothing is let through, and a flood that they cannot keep up with is to come again later.
      throw new Failure('service_unavailable', { headers: { 'retry-after': '2' }, cause });
    }
  }
}

function stateOf(policy: RatePolicy, { count, leftMs }: Counted): RateState {
  return {
    limit: policy.points,
    remaining: Math.max(0, policy.points - count),
    resetSeconds: Math.max(1, Math.ceil(leftMs / 1_000)),
    windowSeconds: policy.seconds,
  };
}

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers). */
export function rateHeaders(name: string, state: RateState): Record<string, string> {
  return {
    ratelimit: `"${name}";r=${state.remaining};t=${state.resetSeconds}`,
    'ratelimit-policy': `"${name}";q=${state.limit};w=${state.windowSeconds}`,
  };
}
