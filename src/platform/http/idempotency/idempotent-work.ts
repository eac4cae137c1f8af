import { Injectable } from '@nestjs/common';
import { Failure } from '../../../kernel/errors.js';
import { contextOf, type Reply, type Request } from '../exchange.js';
import { Revised } from '../revision.js';
import { LONGEST_KEY, parseIdempotencyKey } from './idempotency-key.js';
import { IdempotencyStore, type KeptAnswer } from './idempotency.store.js';

/** `Idempotency-Key`, also for a request that is known only once its body has been read, such as a file. */
@Injectable()
export class IdempotentWork {
  readonly #store: IdempotencyStore;

  constructor(store: IdempotencyStore) {
    this.#store = store;
  }

  /**
   * Does the work, or gives the answer that the same request got before. Under a key, everything that the work runs in
   * the database is one transaction with the answer.
   * @param same what makes two requests the same, besides method and URL
   * @throws as `IdempotencyStore.answer`, and what the work throws; nothing is kept then
   */
  async once(request: Request, reply: Reply, same: string, work: () => Promise<unknown>): Promise<unknown> {
    const key = readKey(request.headers['idempotency-key']);
    if (key === undefined) return work();
    const known = JSON.stringify([request.method, request.url, same]);
    const { answer, isAgain } = await this.#store.answer(contextOf(request), key, known, async () =>
      answerOf(await work(), reply),
    );
    if (isAgain) repeat(answer, reply);
    return answer.revision === null ? (answer.body ?? undefined) : new Revised(answer.body, answer.revision);
  }
}

function readKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = typeof header === 'string' ? parseIdempotencyKey(header) : undefined;
  if (key === undefined) {
    throw new Failure('malformed_request', {
      detail: {
        en: `Idempotency-Key must be 1 to ${LONGEST_KEY} printable ASCII characters, in double quotes or, without spaces, commas and quotes, bare.`,
        fr: `Idempotency-Key doit compter de 1 à ${LONGEST_KEY} caractères ASCII imprimables, entre guillemets droits ou, sans espace, virgule ni guillemet, tels quels.`,
      },
    });
  }
  return key;
}

function answerOf(body: unknown, reply: Reply): KeptAnswer {
  const location = reply.getHeader('location');
  const revised = body instanceof Revised;
  return {
    status: reply.statusCode,
    location: typeof location === 'string' ? location : null,
    body: (revised ? body.body : body) ?? null,
    revision: revised ? body.revision : null,
  };
}

function repeat({ status, location }: KeptAnswer, reply: Reply): void {
  reply.status(status).header('idempotency-replayed', 'true');
  if (location !== null) reply.header('location', location);
}
