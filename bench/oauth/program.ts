import {
  createHash,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import { Agent, request } from 'node:http';

/** A server under measurement, the product or the bare library: the same addresses below one origin. */
export interface Target {
  /** As it is called in assertions and proofs. */
  readonly url: string;
  /** Where it listens. */
  readonly server: string;
  /** What the program is called there. */
  readonly clientId: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly nonce: string | undefined;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const API_PATH = '/v1/agency/vacancies';
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (): number => Math.floor(Date.now() / 1_000);

interface Pair {
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey;
}

function newPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

/** An agency's program that does no more than the protocol asks: it signs, and keeps nonces and connections. */
export class Program {
  readonly #assertionKey = newPair();
  readonly #proofKey = newPair();
  readonly #address: string;
  readonly #nonces = new Map<string, string>();

  /** @param address that it seems to come from */
  constructor(address: string) {
    this.#address = address;
  }

  get publicKey(): JsonWebKey {
    return { ...this.#assertionKey.jwk, kid: 'bench', alg: 'ES256', use: 'sig' };
  }

  /** @throws Error unless a token is given */
  async token(target: Target): Promise<string> {
    const path = '/oauth/token';
    const { url, clientId } = target;
    const answer = await this.#proven(target, 'POST', path, {}, () => {
      const now = seconds();
      const claims = {
        iss: clientId,
        sub: clientId,
        aud: `${url}/oauth`,
        jti: randomUUID(),
        iat: now,
        exp: now + 60,
      };
      return new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'vacancies:read',
        resource: `${url}/v1`,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: signed({ alg: 'ES256', kid: 'bench' }, claims, this.#assertionKey),
      }).toString();
    });
    const body: unknown = JSON.parse(answer.text);
    if (answer.status !== 200 || typeof body !== 'object' || body === null || !('access_token' in body))
      throw new Error(`A token request was answered with ${answer.status}: ${answer.text}`);
    return String(body.access_token);
  }

  /** @param query `?limit=0` for what is refused once it is let through @throws Error unless the request is let through */
  async call(target: Target, token: string, query = ''): Promise<void> {
    const ath = createHash('sha256').update(token).digest('base64url');
    const answer = await this.#proven(
      target,
      'GET',
      `${API_PATH}${query}`,
      { ath },
      undefined,
      `DPoP ${token}`,
    );
    if (answer.status !== (query === '' ? 200 : 400))
      throw new Error(`A call was answered with ${answer.status}: ${answer.text}`);
  }

  /** Sends it with the nonce of the answer before, and once more when that is no longer good (RFC 9449 §8). */
  async #proven(
    { url, server }: Target,
    method: string,
    path: string,
    claims: object,
    body?: () => string,
    authorization?: string,
  ): Promise<Answer> {
    const place = `${url}${path}`;
    const once = async (): Promise<Answer> => {
      const nonce = this.#nonces.get(place);
      const content = { jti: randomUUID(), htm: method, htu: place, iat: seconds(), nonce, ...claims };
      const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: this.#proofKey.jwk };
      const answer = await send(new URL(path, server), method, body?.(), {
        dpop: signed(header, content, this.#proofKey),
        'x-forwarded-for': this.#address,
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      });
      if (answer.nonce !== undefined) this.#nonces.set(place, answer.nonce);
      return answer;
    };
    const known = this.#nonces.get(place);
    const answer = await once();
    const isAsked = answer.status >= 400 && answer.nonce !== undefined && answer.nonce !== known;
    return isAsked ? once() : answer;
  }
}

/** RFC 7515 §3.1 with ES256. */
function signed(header: object, content: object, { privateKey }: Pair): string {
  const input = `${encoded(header)}.${encoded(content)}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function send(
  url: URL,
  method: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const nonce = response.headers['dpop-nonce'];
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(parts).toString(),
          nonce: typeof nonce === 'string' ? nonce : undefined,
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
