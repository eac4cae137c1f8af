import { Injectable } from '@nestjs/common';
import { RateLimits } from '../../../platform/http/index.js';
import { ReplayStore } from '../persistence/replay-store.js';
import { type RequestInProgress, take } from './request-in-progress.js';

/** Assertions that no statement has used up which issues a token. */
@Injectable()
export class Assertions {
  readonly #replays: ReplayStore;
  readonly #limits: RateLimits;

  constructor(replays: ReplayStore, limits: RateLimits) {
    this.#replays = replays;
    this.#limits = limits;
  }

  /**
   * Uses up the assertion of a request, if that is outstanding; the first use of each counts against its client's limit.
   * @returns false when it was used before
   * @throws Failure `too_many_requests`, `service_unavailable`
   */
  async use(request: RequestInProgress): Promise<boolean> {
    const { client, context } = request;
    const assertion = take('assertion', request);
    if (assertion === undefined) return true;
    if (client === undefined) throw new Error('An assertion is a client’s.');
    const isFirst = await this.#replays.isFirstUse(assertion);
    if (isFirst) await this.#limits.enforce('oauth_client', client.id, context);
    return isFirst;
  }
}
