import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { faultOfSignature } from './signature-v4.ts';
import { listen, stopListening } from './listening.ts';

export interface StoredObject {
  readonly body: string;
  readonly lockMode: string | undefined;
  readonly retainUntil: Date | undefined;
}

const text = (headers: IncomingMessage['headers'], name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** A bucket with object lock, as far as putting and getting objects by the S3 protocol goes. It trusts no request. */
export class ObjectStore {
  readonly objects = new Map<string, StoredObject>();
  /** Why requests were refused. */
  readonly refusals: string[] = [];
  readonly key = { id: 'AKIATEST', secret: 'a secret of the test' };
  readonly #bucket: string;
  readonly #server: Server;
  #url = '';

  constructor(bucket: string) {
    this.#bucket = bucket;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    this.#url = `http://127.0.0.1:${await listen(this.#server)}`;
  }

  stop(): Promise<void> {
    return stopListening(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const [status, body] = this.#handle(request, Buffer.concat(parts));
    if (status >= 400) this.refusals.push(body);
    const problem = `<?xml version="1.0"?><Error><Code>${body}</Code><Message>${body}</Message></Error>`;
    response.writeHead(status, { 'content-type': status >= 400 ? 'application/xml' : 'text/plain' });
    response.end(status >= 400 ? problem : body);
  }

  #handle({ method = '', url = '', headers }: IncomingMessage, body: Buffer): readonly [number, string] {
    const named = Object.fromEntries(Object.keys(headers).map((name) => [name, text(headers, name) ?? '']));
    const fault = faultOfSignature({ method, target: url, headers: named }, this.key);
    if (fault !== undefined) return [403, `SignatureDoesNotMatch: ${fault}`];
    const digest = createHash('sha256').update(body).digest();
    if (named['x-amz-content-sha256'] !== digest.toString('hex')) return [400, 'XAmzContentSHA256Mismatch'];
    const [, bucket, ...path] = (url.split('?')[0] ?? '').split('/');
    if (bucket !== this.#bucket) return [404, 'NoSuchBucket'];
    const key = path.map(decodeURIComponent).join('/');
    const there = this.objects.get(key);
    if (method === 'GET') return there === undefined ? [404, 'NoSuchKey'] : [200, there.body];
    if (method !== 'PUT') return [405, 'MethodNotAllowed'];
    if (there !== undefined) return [412, named['if-none-match'] === '*' ? 'PreconditionFailed' : 'Locked'];
    if (named['x-amz-checksum-sha256'] !== digest.toString('base64')) return [400, 'BadDigest'];
    const until = named['x-amz-object-lock-retain-until-date'];
    this.objects.set(key, {
      body: body.toString('utf8'),
      lockMode: named['x-amz-object-lock-mode'],
      retainUntil: until === undefined ? undefined : new Date(until),
    });
    return [200, ''];
  }
}
