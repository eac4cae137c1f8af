import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen, stopListening } from '../witness/listening.ts';
import { faultOfSignature } from '../witness/signature-v4.ts';

interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

interface PartialUpload {
  readonly key: string;
  readonly parts: Map<number, Buffer>;
}

const xml = (name: string, content: string): string => `<?xml version="1.0"?><${name}>${content}</${name}>`;
const refusal = (status: number, code: string): Answer => ({
  status,
  body: xml('Error', `<Code>${code}</Code><Message>${code}</Message>`),
});

/** The least that S3 takes for a part that is not the last. */
const LEAST_PART_BYTES = 5 * 1_024 * 1_024;

/**
 * A bucket without object lock by the S3 protocol: objects whole or in parts, their deletion, and the list of uploads
 * that nobody has finished. It trusts no request.
 */
export class Bucket {
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, PartialUpload>();
  readonly key = { id: 'AKIATEST', secret: 'a secret of the test' };
  /** What it was asked for, as method and kind. */
  readonly requests: string[] = [];
  /** Refuses everything, as one that is overloaded. */
  isOut = false;
  /** Gives no more than this of an object, then hangs up. */
  breaksOffAfter: number | undefined;
  readonly #name: string;
  readonly #server: Server;
  #url = '';

  constructor(name: string) {
    this.#name = name;
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
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(Buffer.from(piece));
    } catch {
      return;
    }
    const { status, body = '', headers = {} } = this.#handle(request, Buffer.concat(pieces));
    const type = Buffer.isBuffer(body) ? 'binary/octet-stream' : 'application/xml';
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      ...headers,
    });
    if (Buffer.isBuffer(body) && this.breaksOffAfter !== undefined && body.length > this.breaksOffAfter) {
      response.write(body.subarray(0, this.breaksOffAfter), () => response.destroy());
      return;
    }
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #handle(request: IncomingMessage, body: Buffer): Answer {
    const { method = '', url = '' } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    );
    const fault = faultOfSignature({ method, target: url, headers }, this.key);
    if (fault !== undefined) return refusal(403, 'SignatureDoesNotMatch');
    const digest = createHash('sha256').update(body).digest('hex');
    if (headers['x-amz-content-sha256'] !== digest) return refusal(400, 'XAmzContentSHA256Mismatch');
    const [path = '', query = ''] = url.split('?');
    const [, bucket, ...rest] = path.split('/');
    if (bucket !== this.#name) return refusal(404, 'NoSuchBucket');
    const parameters = new URLSearchParams(query);
    this.requests.push(
      [method, parameters.has('uploads') ? 'uploads' : '', parameters.has('uploadId') ? 'part' : '']
        .filter(Boolean)
        .join(' '),
    );
    if (this.isOut) return refusal(503, 'SlowDown');
    const key = rest.map(decodeURIComponent).join('/');
    return this.#dispatch(method, key, parameters, body);
  }

  #dispatch(method: string, key: string, parameters: URLSearchParams, body: Buffer): Answer {
    const upload = parameters.get('uploadId');
    if (parameters.has('uploads')) return method === 'POST' ? this.#begin(key) : this.#list(parameters);
    if (upload !== null) return this.#part(method, upload, Number(parameters.get('partNumber')), body);
    switch (method) {
      case 'PUT':
        this.objects.set(key, body);
        return { status: 200, headers: { etag: '"0"' } };
      case 'GET': {
        const there = this.objects.get(key);
        return there === undefined ? refusal(404, 'NoSuchKey') : { status: 200, body: there };
      }
      case 'DELETE':
        this.objects.delete(key);
        return { status: 204 };
      default:
        return refusal(405, 'MethodNotAllowed');
    }
  }

  #begin(key: string): Answer {
    const id = randomUUID();
    this.uploads.set(id, { key, parts: new Map() });
    return {
      status: 200,
      body: xml('InitiateMultipartUploadResult', `<Key>${key}</Key><UploadId>${id}</UploadId>`),
    };
  }

  #list(parameters: URLSearchParams): Answer {
    const prefix = parameters.get('prefix') ?? '';
    const found = [...this.uploads].filter(([, { key }]) => key.startsWith(prefix));
    const list = found.map(([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`);
    return { status: 200, body: xml('ListMultipartUploadsResult', list.join('')) };
  }

  #part(method: string, id: string, number: number, body: Buffer): Answer {
    const upload = this.uploads.get(id);
    if (upload === undefined) return refusal(404, 'NoSuchUpload');
    if (method === 'PUT') {
      upload.parts.set(number, body);
      return { status: 200, headers: { etag: `"${number}"` } };
    }
    this.uploads.delete(id);
    if (method === 'DELETE') return { status: 204 };
    const parts = [...upload.parts].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes);
    if (parts.slice(0, -1).some(({ length }) => length < LEAST_PART_BYTES))
      return refusal(400, 'EntityTooSmall');
    this.objects.set(upload.key, Buffer.concat(parts));
    return {
      status: 200,
      body: xml('CompleteMultipartUploadResult', `<Key>${upload.key}</Key><ETag>"0"</ETag>`),
    };
  }
}
