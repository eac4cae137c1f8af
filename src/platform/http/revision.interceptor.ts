import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { isNamed } from './entity-tags.js';
import type { Reply, Request } from './exchange.js';
import { Page } from './page.js';
import { entityTag, Revised } from './revision.js';

/** Sends a revised resource with its `ETag`, or 304 when the caller has it, and a page with its `Link`. */
@Injectable()
export class RevisionInterceptor implements NestInterceptor<unknown, unknown> {
  intercept(execution: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = execution.switchToHttp().getRequest<Request>();
    const reply = execution.switchToHttp().getResponse<Reply>();
    return next.handle().pipe(
      map((answer) => {
        if (answer instanceof Page) return linked(answer, request, reply);
        if (!(answer instanceof Revised)) return answer;
        const tag = entityTag(answer.revision, answer.variant);
        reply.header('etag', tag);
        const body: unknown = answer.body;
        if (request.method !== 'GET' || !isNamed(request.headers['if-none-match'], tag)) return body;
        reply.status(304);
        return undefined;
      }),
    );
  }
}

function linked(page: Page<unknown>, request: Request, reply: Reply): Page<unknown> {
  if (page.nextCursor === null) return page;
  const [path = '', query = ''] = request.url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', page.nextCursor);
  reply.header('link', `<${path}?${parameters.toString()}>; rel="next"`);
  return page;
}
