import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen, stopListening } from './listening.ts';

interface Head {
  readonly size: number;
  readonly root: Buffer;
}

type Answer = readonly [status: number, body: string, type?: string];

const sha256 = (...parts: Buffer[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.of(1), left, right);

/**
 * RFC 6962 §2.1.2 read backwards: takes the hashes of a consistency proof in their order and rebuilds both roots.
 * It shares nothing with the product.
 */
function provesGrowth(proof: readonly Buffer[], older: Head, newer: Head): boolean {
  const hashes = [...proof];
  /** Roots of the first `part` leaves and of all `size` leaves of a subtree. */
  const rebuild = (part: number, size: number, isWhole: boolean): readonly [Buffer, Buffer] | undefined => {
    if (part === size) {
      const hash = isWhole ? older.root : hashes.shift();
      return hash === undefined ? undefined : [hash, hash];
    }
    let split = 1;
    while (split * 2 < size) split *= 2;
    if (part <= split) {
      const left = rebuild(part, split, isWhole);
      const right = hashes.shift();
      return left === undefined || right === undefined ? undefined : [left[0], node(left[1], right)];
    }
    const right = rebuild(part - split, size - split, false);
    const left = hashes.shift();
    return left === undefined || right === undefined
      ? undefined
      : [node(left, right[0]), node(left, right[1])];
  };
  const roots = rebuild(older.size, newer.size, true);
  return hashes.length === 0 && roots?.[0].equals(older.root) === true && roots[1].equals(newer.root);
}

/** Why a checkpoint does not follow from the one that is known. @param head the old size and the proof, a line each */
function faultOf(head: string, known: Head, checkpoint: Head): Answer | undefined {
  const [first = '', ...proof] = head.split('\n');
  const old = Number(/^old (0|[1-9]\d*)$/.exec(first)?.[1] ?? Number.NaN);
  if (Number.isNaN(old) || old > checkpoint.size || proof.length > 63) return [400, 'malformed'];
  if (old !== known.size) return [409, `${known.size}\n`, 'text/x.tlog.size'];
  const hashes = proof.map((line) => Buffer.from(line, 'base64'));
  if (old === checkpoint.size && !known.root.equals(checkpoint.root)) return [409, ''];
  if (old === 0 || old === checkpoint.size) return hashes.length === 0 ? undefined : [422, 'not consistent'];
  return provesGrowth(hashes, known, checkpoint) ? undefined : [422, 'not consistent'];
}

/** A witness (c2sp.org/tlog-witness): knows some logs by origin and key, and cosigns what continues what it has seen. */
export class WitnessServer {
  readonly heads = new Map<string, Head>();
  /** Statuses it has answered with. */
  readonly answers: number[] = [];
  readonly #name = 'witness.example/w1';
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #logs = new Map<string, string>();
  readonly #server: Server;
  #port = 0;
  /** Signs something else than the checkpoint. */
  isLying = false;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get verifier(): string {
    const key = Buffer.concat([Buffer.of(4), this.#rawKey()]);
    return `${this.#name}+${this.#keyId().toString('hex')}+${key.toString('base64')}`;
  }

  /** @param verifier of the log, `ORIGIN+ID+KEY` */
  trust(verifier: string): void {
    this.#logs.set(verifier.split('+')[0] ?? '', verifier);
  }

  async start(): Promise<void> {
    this.#port = await listen(this.#server, this.#port);
  }

  stop(): Promise<void> {
    return stopListening(this.#server);
  }

  /** Whether a line is this witness's signature over a checkpoint's text. */
  hasSigned(line: string, text: string): boolean {
    const [, name, encoded = ''] = line.split(' ');
    const blob = Buffer.from(encoded, 'base64');
    const message = `cosignature/v1\ntime ${blob.readBigUInt64BE(4)}\n${text}`;
    return name === this.#name && verify(null, Buffer.from(message), this.#keys.publicKey, blob.subarray(12));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const isCall = request.method === 'POST' && request.url === '/add-checkpoint';
    const [status, body, type = 'text/plain'] = isCall
      ? this.#add(Buffer.concat(parts).toString())
      : [404, ''];
    this.answers.push(status);
    response.writeHead(status, { 'content-type': type }).end(body);
  }

  #add(body: string): Answer {
    const [head = '', text = '', signatures = ''] = body.split('\n\n');
    const [origin = '', size = '', root = ''] = text.split('\n');
    const verifier = this.#logs.get(origin);
    if (verifier === undefined) return [404, 'unknown log'];
    if (!isSigned(`${text}\n`, signatures, verifier)) return [403, 'no signature of a known key'];
    const checkpoint = { size: Number(size), root: Buffer.from(root, 'base64') };
    const known = this.heads.get(origin) ?? { size: 0, root: sha256() };
    const fault = faultOf(head, known, checkpoint);
    if (fault !== undefined) return fault;
    this.heads.set(origin, checkpoint);
    return [200, this.#cosign(this.isLying ? `${text}\nsomething else\n` : `${text}\n`)];
  }

  #cosign(text: string): string {
    const time = Buffer.alloc(8);
    const now = BigInt(Math.floor(Date.now() / 1_000));
    time.writeBigUInt64BE(now);
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${now}\n${text}`), this.#keys.privateKey);
    const blob = Buffer.concat([this.#keyId(), time, signature]);
    // A line of somebody else comes first: whoever reads has to look for the key they know.
    return `— somebody.example/else ${Buffer.alloc(76, 1).toString('base64')}\n— ${this.#name} ${blob.toString('base64')}\n`;
  }

  #rawKey(): Buffer {
    return Buffer.from(this.#keys.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  }

  #keyId(): Buffer {
    return sha256(Buffer.from(`${this.#name}\n`), Buffer.of(4), this.#rawKey()).subarray(0, 4);
  }
}

/** c2sp.org/signed-note with one Ed25519 key. */
function isSigned(text: string, signatures: string, verifier: string): boolean {
  const [, name, id, encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(verifier) ?? [];
  const x = Buffer.from(encoded, 'base64').subarray(1).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return signatures
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([dash, signer]) => dash === '—' && signer === name)
    .map(([, , blob = '']) => Buffer.from(blob, 'base64'))
    .some(
      (blob) =>
        blob.subarray(0, 4).toString('hex') === id && verify(null, Buffer.from(text), key, blob.subarray(4)),
    );
}
