import { Injectable } from '@nestjs/common';
import { contextOf, type Reply, type Request } from '../exchange.js';
import { answerOf, readKey, repeat } from './idempotency.interceptor.js';
import { IdempotencyStore } from './idempotency.store.js';

/** `Idempotency-Key` for a request that is known only once its body has been read, such as a file. */
@Injectable()
export class IdempotentWork {
  readonly #store: IdempotencyStore;

  constructor(store: IdempotencyStore) {
    this.#store = store;
  }

  /**
   * Does the work, or gives the answer that the same request got before.
   * @param same what makes two requests the same, besides method and URL
   * @throws as `Idempotent`, and what the work throws; the key is free again then
   */
  async once(request: Request, reply: Reply, same: string, work: () => Promise<unknown>): Promise<unknown> {
    const key = readKey(request.headers['idempotency-key']);
    if (key === undefined) return work();
    const context = contextOf(request);
    const claim = await this.#store.claim(context, key, JSON.stringify([request.method, request.url, same]));
    if (claim.kind === 'again') return repeat(claim.answer, reply);
    const body = await work().catch(async (thrown: unknown) => {
      await this.#store.release(claim.row);
      throw thrown;
    });
    await this.#store.keep(context, claim.row, answerOf(body, reply));
    return body;
  }
}
