import { Readable } from 'node:stream';
import { create } from 'content-disposition';
import type { Reply } from './exchange.js';

export interface FileAnswer {
  readonly name: string;
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
  /** SHA-256 of the content in base64, when it is known. */
  readonly sha256?: string;
  readonly content: AsyncIterable<Buffer>;
}

/**
 * Sends a file that somebody else has made: to be kept and not to be shown (RFC 6266), of no other type than it says,
 * with its digest (RFC 9530). A receiver sees by its length when it breaks off.
 */
export async function sendFile(
  reply: Reply,
  { name, mediaType, size, sha256, content }: FileAnswer,
): Promise<void> {
  if (sha256 !== undefined) reply.header('repr-digest', `sha-256=:${sha256}:`);
  await reply
    .type(mediaType)
    .headers({
      'content-disposition': create(name),
      'content-length': String(size),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .send(Readable.from(content, { objectMode: false }));
}
