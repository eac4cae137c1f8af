import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../../kernel/errors.js';
import type { Request } from '../exchange.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The most bytes of one file, where a route takes a form (RFC 7578). */
    formFileBytes?: number;
  }
}

export interface FormField {
  readonly type: 'field';
  readonly name: string;
  readonly value: string;
}

/** A file that is read while it arrives: the form goes on when its content has been taken. */
export interface FormFile {
  readonly type: 'file';
  readonly name: string;
  /** What the sender calls it; anything at all. */
  readonly fileName: string;
  readonly content: AsyncIterable<Buffer>;
}

export type FormPart = FormField | FormFile;

const MOST_PARTS = 10;
const FIELD_BYTES = 1_000;
const NAME_BYTES = 100;

/** Reads `multipart/form-data` where a route says that it takes a form, and nowhere else. */
export async function addForms(instance: FastifyInstance): Promise<void> {
  instance.addHook('onRequest', (request, _, done) => {
    const isForm = /^\s*multipart\//i.test(request.headers['content-type'] ?? '');
    const isTaken = request.is404 || request.routeOptions.config.formFileBytes !== undefined;
    done(isForm && !isTaken ? new Failure('unsupported_media_type') : undefined);
  });
  await instance.register(multipart, { throwFileSizeLimit: false });
}

/**
 * The parts of a form in the order in which they come. What is not wanted of a request that is refused is read and
 * thrown away, so that the answer is heard.
 * @throws Failure `unsupported_media_type` when it is no form, `malformed_request` when it is cut off or cannot be read,
 *   `payload_too_large` for more parts or longer ones than a form of ours has
 */
export async function* readForm(request: Request): AsyncGenerator<FormPart, void, undefined> {
  if (!request.isMultipart()) throw new Failure('unsupported_media_type');
  const fileSize = request.routeOptions.config.formFileBytes ?? 0;
  const limits = { fileSize, parts: MOST_PARTS, fieldSize: FIELD_BYTES, fieldNameSize: NAME_BYTES };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        const content = contentOf(part.file);
        const fileName = nameOf(part);
        yield { type: 'file', name: part.fieldname, fileName, content };
        continue;
      }
      if (part.valueTruncated || part.fieldnameTruncated) throw new Failure('payload_too_large');
      yield { type: 'field', name: part.fieldname, value: String(part.value) };
    }
  } catch (cause) {
    throw readable(cause);
  } finally {
    request.raw.resume();
  }
}

/** The library has no name for a file whose name is empty, whatever its type says. */
const nameOf = ({ filename }: { readonly filename: string | undefined }): string => filename ?? '';

/** @throws Failure `payload_too_large`, `malformed_request` */
async function* contentOf(
  file: AsyncIterable<unknown> & { readonly truncated: boolean },
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const bytes of file) if (Buffer.isBuffer(bytes)) yield bytes;
  } catch (cause) {
    throw readable(cause);
  }
  if (file.truncated) throw new Failure('payload_too_large');
}

/** The library's errors have a status where a limit was reached; all others are about bytes that are no form. */
function readable(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const isLimit = cause instanceof Error && 'statusCode' in cause && cause.statusCode === 413;
  return new Failure(isLimit ? 'payload_too_large' : 'malformed_request', { cause });
}
