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
import { lastValueFrom, type Observable, of } from 'rxjs';
import { Failure } from '../../../kernel/errors.js';
import { refusalsOf } from '../documentation/refuses.js';
import type { Reply, Request } from '../exchange.js';
import { IdempotentWork } from './idempotent-work.js';

const REQUIRED = 'sceau:idempotency-required';

@Injectable()
class IdempotencyInterceptor implements NestInterceptor<unknown, unknown> {
  readonly #work: IdempotentWork;
  readonly #reflector: Reflector;

  constructor(work: IdempotentWork, reflector: Reflector) {
    this.#work = work;
    this.#reflector = reflector;
  }

  async intercept(execution: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const request = execution.switchToHttp().getRequest<Request>();
    const reply = execution.switchToHttp().getResponse<Reply>();
    const { headers, body } = request;
    if (headers['idempotency-key'] === undefined) {
      if (this.#reflector.get<boolean>(REQUIRED, execution.getHandler()))
        throw new Failure('idempotency_key_missing');
      return next.handle();
    }
    const same = JSON.stringify([headers['if-match'] ?? null, body ?? null]);
    return of(await this.#work.once(request, reply, same, () => lastValueFrom(next.handle())));
  }
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
