import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import { catchError, from, mergeMap, type Observable, of, throwError } from 'rxjs';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { refusalsOf } from '../documentation/refuses.js';
import { contextOf, type Reply, type Request } from '../exchange.js';
import { Revised } from '../revision.js';
import { IdempotencyStore, type KeptAnswer } from './idempotency.store.js';

const REQUIRED = 'sceau:idempotency-required';

/** A bare token or, as the draft writes it, a structured-field string in quotes. */
const KEY = /^(?:"([\x20-\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;

@Injectable()
class IdempotencyInterceptor implements NestInterceptor<unknown, unknown> {
  readonly #store: IdempotencyStore;
  readonly #reflector: Reflector;

  constructor(store: IdempotencyStore, reflector: Reflector) {
    this.#store = store;
    this.#reflector = reflector;
  }

  async intercept(execution: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const request = execution.switchToHttp().getRequest<Request>();
    const reply = execution.switchToHttp().getResponse<Reply>();
    const key = readKey(request.headers['idempotency-key']);
    if (key === undefined) {
      if (this.#reflector.get<boolean>(REQUIRED, execution.getHandler()))
        throw new Failure('idempotency_key_missing');
      return next.handle();
    }
    const context = contextOf(request);
    const claim = await this.#store.claim(context, key, fingerprint(request));
    if (claim.kind === 'again') return of(repeat(claim.answer, reply));
    return this.#first(context, claim.row, reply, next);
  }

  #first(
    context: RequestContext,
    row: string,
    reply: Reply,
    next: CallHandler<unknown>,
  ): Observable<unknown> {
    return next.handle().pipe(
      // Before keeping: a fault while keeping must not free the key of a change that has been made.
      catchError((thrown: unknown) =>
        from(this.#store.release(row)).pipe(mergeMap(() => throwError(() => thrown))),
      ),
      mergeMap(async (body) => {
        await this.#store.keep(context, row, answerOf(body, reply));
        return body;
      }),
    );
  }
}

export function readKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const match = typeof header === 'string' ? KEY.exec(header) : null;
  const key = match?.[1] ?? match?.[2];
  if (key === undefined) {
    throw new Failure('malformed_request', {
      detail: {
        en: 'Idempotency-Key must be 1 to 255 printable ASCII characters.',
        fr: 'Idempotency-Key doit compter de 1 à 255 caractères ASCII imprimables.',
      },
    });
  }
  return key;
}

function fingerprint(request: Request): string {
  return JSON.stringify([
    request.method,
    request.url,
    request.headers['if-match'] ?? null,
    request.body ?? null,
  ]);
}

export function answerOf(body: unknown, reply: Reply): KeptAnswer {
  const location = reply.getHeader('location');
  const revised = body instanceof Revised;
  return {
    status: reply.statusCode,
    location: typeof location === 'string' ? location : null,
    body: (revised ? body.body : body) ?? null,
    revision: revised ? body.revision : null,
  };
}

export function repeat(answer: KeptAnswer, reply: Reply): unknown {
  reply.status(answer.status).header('idempotency-replayed', 'true');
  if (answer.location !== null) reply.header('location', answer.location);
  return answer.revision === null ? (answer.body ?? undefined) : new Revised(answer.body, answer.revision);
}

/** Honours `Idempotency-Key` on a route that creates or submits. */
export function Idempotent(options: { readonly required?: boolean } = {}): MethodDecorator {
  const isRequired = options.required === true;
  return applyDecorators(
    SetMetadata(REQUIRED, isRequired),
    UseInterceptors(IdempotencyInterceptor),
    HasIdempotencyKey(isRequired),
  );
}

/** What the contract says of a route that honours the key, by whatever means. */
export const HasIdempotencyKey = (isRequired: boolean): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: isRequired,
      description:
        'Any text of 1 to 255 characters; the same key and body get the first answer again for 24 hours.',
      schema: { type: 'string', example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"' },
    }),
    refusalsOf('idempotency', [
      'malformed_request',
      'idempotency_key_reused',
      'idempotency_in_progress',
      ...(isRequired ? (['idempotency_key_missing'] as const) : []),
    ]),
  );
