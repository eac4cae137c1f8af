import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Failure } from '../../kernel/errors.js';
import type { Request } from './exchange.js';

/** A single resource together with its revision, from which its `ETag` is made. */
export class Revised<T> {
  readonly body: T;
  readonly revision: number;

  constructor(body: T, revision: number) {
    this.body = body;
    this.revision = revision;
  }
}

/** What a controller returns for one resource: the interceptor sends the body and its `ETag`. */
export function withRevision<T>(body: T, revision: number): Revised<T> {
  return new Revised(body, revision);
}

/** The strong entity tag (RFC 9110 §8.8.3) of a revision. */
export function entityTag(revision: number): string {
  return `"r${revision}"`;
}

const TAG = /^"r(0|[1-9]\d{0,8})"$/;

function readRevision(header: string | undefined): number {
  if (header === undefined) throw new Failure('precondition_required');
  const digits = TAG.exec(header.trim())?.[1];
  // Some other tag, however formed, is not the current one (RFC 9110 §13.1.1).
  if (digits === undefined) throw new Failure('precondition_failed');
  return Number(digits);
}

const RevisionFromHeader = createParamDecorator((_: unknown, execution: ExecutionContext) =>
  readRevision(execution.switchToHttp().getRequest<Request>().headers['if-match']),
);

/** The revision that the caller last read, from `If-Match`: 428 without it, 412 when it cannot be current. */
export function IfMatch(): ParameterDecorator {
  return (target, key, index) => {
    RevisionFromHeader()(target, key, index);
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    if (!descriptor) return;
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'The ETag of the resource as last read.',
      schema: { type: 'string', example: '"r1"' },
    })(target, key, descriptor);
  };
}

/** @throws Failure `precondition_failed` unless the caller has seen the current revision */
export function requireRevision(current: number, seen: number): void {
  if (current !== seen) throw new Failure('precondition_failed');
}
