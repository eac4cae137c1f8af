import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Failure } from '../../kernel/errors.js';
import { readEntityTags } from './entity-tags.js';
import type { Request } from './exchange.js';

/** A single resource together with its revision, from which its `ETag` is made. */
export class Revised<T> {
  readonly body: T;
  readonly revision: number;
  readonly variant: string | undefined;

  constructor(body: T, revision: number, variant?: string) {
    this.body = body;
    this.revision = revision;
    this.variant = variant;
  }
}

/**
 * What a controller returns for one resource: the interceptor sends the body and its `ETag`.
 * @param variant what else the body depends on, such as the reader's language, in letters and hyphens; a change needs
 *   the revision only, a cached answer has to agree in both
 */
export function withRevision<T>(body: T, revision: number, variant?: string): Revised<T> {
  return new Revised(body, revision, variant);
}

/** The strong entity tag (RFC 9110 §8.8.3) of a revision, or of one of its representations. */
export function entityTag(revision: number, variant?: string): string {
  return variant === undefined ? `"r${revision}"` : `"r${revision}-${variant}"`;
}

/**
 * What a caller says to have read: one revision, one of several, or whichever there is (`If-Match: *`). What follows a
 * successful change is counted from the current revision, never from this.
 */
export type SeenRevisions = number | readonly number[] | 'any';

/** Compared strongly (RFC 9110 §13.1.1): a weak tag is never the current one. */
const REVISION = /^"r(0|[1-9]\d{0,8})(?:-[a-z-]{1,60})?"$/;

function readRevisions(header: string | undefined): SeenRevisions {
  if (header === undefined) throw new Failure('precondition_required');
  const tags = readEntityTags(header);
  if (tags === 'any') return 'any';
  const [first, ...others] = tags.flatMap((tag) => {
    const digits = REVISION.exec(tag)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
  // Some other tag, however formed, is not the current one.
  if (first === undefined) throw new Failure('precondition_failed');
  return others.length === 0 ? first : [first, ...others];
}

const RevisionFromHeader = createParamDecorator((_: unknown, execution: ExecutionContext) =>
  readRevisions(execution.switchToHttp().getRequest<Request>().headers['if-match']),
);

/** The revision that the caller last read, from `If-Match`: 428 without it, 412 when none in it can be current. */
export function IfMatch(): ParameterDecorator {
  return (target, key, index) => {
    RevisionFromHeader()(target, key, index);
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    if (!descriptor) return;
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'The ETag of the resource as last read; several, or `*`, as in RFC 9110 §13.1.1.',
      schema: { type: 'string', example: '"r1"' },
    })(target, key, descriptor);
  };
}

/** @throws Failure `precondition_failed` unless the caller has seen the current revision */
export function requireRevision(current: number, seen: SeenRevisions): void {
  if (seen === 'any') return;
  const isSeen = typeof seen === 'number' ? seen === current : seen.includes(current);
  if (!isSeen) throw new Failure('precondition_failed');
}
