import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/errors.js';

/** More than any body of the contract needs; far less than what recursive code can stand. */
const MOST_LEVELS = 32;

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/**
 * Reads `application/json` on every route and `application/merge-patch+json` (RFC 7396) on PATCH, as RFC 8259 has
 * it: UTF-8 and nothing else, not compressed. An empty body is no body, whatever the content type says.
 */
export function addJsonParsers(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  const read = (request: FastifyRequest, body: Buffer, done: Done): void => {
    let text: string;
    try {
      text = textOf(request, body);
    } catch (refusal) {
      return done(refusal instanceof Error ? refusal : null);
    }
    if (text === '') return done(null);
    void parse(request, text, (error: Error | null, value?: unknown) =>
      error === null && isDeep(value) ? done(new Failure('malformed_request')) : done(error, value),
    );
  };
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, read);
  instance.addContentTypeParser<Buffer>(
    'application/merge-patch+json',
    { parseAs: 'buffer' },
    (request, body, done) =>
      request.method === 'PATCH' ? read(request, body, done) : done(new Failure('unsupported_media_type')),
  );
}

type Done = (error: Error | null, value?: unknown) => void;

/** @throws Failure `unsupported_media_type` for another charset or a coding, `malformed_request` for what is no UTF-8 */
function textOf({ headers }: FastifyRequest, body: Buffer): string {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (charset !== 'utf-8' || coding !== 'identity') throw new Failure('unsupported_media_type');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new Failure('malformed_request', { cause });
  }
}

/** Whether a value nests deeper than what may be handed to code that recurses. */
function isDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) return true;
    level = level.flatMap(membersOf);
  }
  return false;
}

function membersOf(node: unknown): unknown[] {
  return typeof node === 'object' && node !== null ? Object.values(node) : [];
}
