import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import { isNamed } from './entity-tags.js';
import type { Reply, Request } from './exchange.js';

/**
 * Lets everybody keep the answer, shared caches included (RFC 9111 §5.2.2), and answers 304 to whoever has it already.
 * Only for what is the same for all callers.
 * @param seconds for how long it is fresh
 */
export function Cacheable(seconds: number): MethodDecorator {
  return applyDecorators(
    UseInterceptors(new SharedAnswer(seconds)),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag of an earlier answer: 304 when it is still the same.',
      schema: { type: 'string', example: '"Q5F0pYVJf3kWmW9n0b6mWQ"' },
    }),
  );
}

/** The tag is made of the answer itself, since no revision tells of a page or of the agency's name. */
class SharedAnswer implements NestInterceptor<unknown, unknown> {
  readonly #cacheControl: string;

  constructor(seconds: number) {
    this.#cacheControl = `public, max-age=${seconds}`;
  }

  intercept(execution: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = execution.switchToHttp().getRequest<Request>();
    const reply = execution.switchToHttp().getResponse<Reply>();
    return next.handle().pipe(
      map((answer) => {
        const hash = createHash('sha256').update(JSON.stringify(answer)).digest('base64url');
        const tag = `"${hash.slice(0, 22)}"`;
        reply.headers({ etag: tag, 'cache-control': this.#cacheControl });
        // Titles of problems are in two languages, which no cache keeps; the answer itself is in one.
        reply.removeHeader('vary').removeHeader('content-language');
        if (!isNamed(request.headers['if-none-match'], tag)) return answer;
        reply.status(304);
        return undefined;
      }),
    );
  }
}
