import { createHash, randomUUID, type webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { AgencyScope } from '../../../src/kernel/context.js';
import type { AgencyId, ClientId } from '../../../src/kernel/ids.js';
import { Agencies, type AgencyMode, Clients } from '../../../src/modules/agencies/index.js';
import { systemContext } from '../../support/actors.js';
import type { Sceau } from '../../support/sceau.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface SigningKey {
  readonly privateKey: webcrypto.CryptoKey | JWK;
  readonly publicKey: JWK;
  readonly alg: string;
}

export async function newProofKey(alg = 'ES256'): Promise<SigningKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  return { privateKey: pair.privateKey, publicKey: await exportJWK(pair.publicKey), alg };
}

/** Claims to put in place of the right ones; `undefined` leaves one out. */
export type Claims = Readonly<Record<string, unknown>>;

export interface ProofChanges {
  readonly claims?: Claims;
  readonly header?: Record<string, unknown>;
  readonly key?: SigningKey;
  /** Signs with this instead of the key that the header shows. */
  readonly signedWith?: SigningKey;
}

export interface TokenRequest {
  readonly form?: Record<string, string | readonly string[] | undefined>;
  readonly assertion?: string;
  /** `null`: no proof at all. */
  readonly proof?: string | null;
  readonly headers?: Record<string, string>;
}

/** What every answer of the OAuth endpoints and of the API comes down to in these tests. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly headers: Headers;
}

/**
 * A program of an agency that makes every message by hand, so that each can be wrong in one point. Its messages are of
 * the machine's time, as is what the authorization server's library compares them with: `sceau.clock` moves the API,
 * the life of tokens and the keys, and neither the library's nonces nor the expiry of assertions.
 */
export class AgencyProgram {
  /** As the outside knows the product. */
  readonly url: string;
  /** Where requests are sent: the same, unless something stands in front. */
  readonly server: string;
  readonly agencyId: AgencyId;
  readonly clientId: ClientId;
  readonly key: JWK & { alg: string; kid: string };
  readonly proofKey: SigningKey;

  constructor(
    url: string,
    ids: Pick<AgencyProgram, 'agencyId' | 'clientId' | 'key' | 'proofKey'>,
    server = url,
  ) {
    this.url = url;
    this.server = server;
    this.agencyId = ids.agencyId;
    this.clientId = ids.clientId;
    this.key = ids.key;
    this.proofKey = ids.proofKey;
  }

  get issuer(): string {
    return `${this.url}/oauth`;
  }

  /** The same program, calling another process of the same installation. */
  at(server: string): AgencyProgram {
    return new AgencyProgram(this.url, this, server);
  }

  /** RFC 7523 §3, as FAPI 2.0 wants it unless changed. */
  assertion(changes: Claims = {}, key = this.key, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: this.clientId, sub: this.clientId, aud: this.issuer, jti: randomUUID() };
    return this.#signed({ ...claims, iat: now, exp: now + 60, ...changes }, key, header);
  }

  /** An assertion that could be used again and again: nothing tells two of them apart. */
  assertionWithoutId(): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: this.clientId, sub: this.clientId, aud: this.issuer };
    return this.#signed({ ...claims, iat: now, exp: now + 60 });
  }

  #signed(claims: Claims, key = this.key, header: Record<string, unknown> = {}): Promise<string> {
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key);
  }

  /** RFC 9449 §4.2, right unless changed. */
  proof(
    method: string,
    path: string,
    { claims, header, key, signedWith }: ProofChanges = {},
  ): Promise<string> {
    const shown = key ?? this.proofKey;
    const iat = Math.floor(Date.now() / 1_000);
    return new SignJWT({ jti: randomUUID(), htm: method, htu: `${this.url}${path}`, iat, ...claims })
      .setProtectedHeader({ alg: shown.alg, typ: 'dpop+jwt', jwk: shown.publicKey, ...header })
      .sign((signedWith ?? shown).privateKey);
  }

  /** A proof for the token endpoint with a nonce that the server has just given. */
  async tokenProof(changes: ProofChanges = {}): Promise<string> {
    const nonce = await this.tokenNonce();
    return this.proof('POST', '/oauth/token', { ...changes, claims: { nonce, ...changes.claims } });
  }

  async tokenNonce(): Promise<string> {
    const answer = await this.post('/oauth/token', {
      form: this.tokenForm(),
      proof: await this.proof('POST', '/oauth/token'),
    });
    return answer.headers.get('dpop-nonce') ?? '';
  }

  tokenForm(): Record<string, string> {
    return { grant_type: 'client_credentials', scope: 'vacancies:read', resource: `${this.url}/v1` };
  }

  /** A request to the token endpoint that is right except for what is given. */
  async requestToken(request: TokenRequest = {}): Promise<Answer> {
    const proof = request.proof === undefined ? await this.tokenProof() : request.proof;
    return this.post('/oauth/token', { ...request, proof, form: { ...this.tokenForm(), ...request.form } });
  }

  async token(scope = 'vacancies:read'): Promise<string> {
    const answer = await this.requestToken({ form: { scope } });
    if (answer.status !== 200) throw new Error(`No token: ${answer.text}`);
    return String(answer.body['access_token']);
  }

  introspect(token: string): Promise<Answer> {
    return this.post('/oauth/introspect', { form: { token } });
  }

  revoke(token: string): Promise<Answer> {
    return this.post('/oauth/revoke', { form: { token } });
  }

  async post(path: string, { form = {}, assertion, proof, headers }: TokenRequest = {}): Promise<Answer> {
    const parameters = new URLSearchParams({
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion ?? (await this.assertion()),
    });
    for (const [name, value] of Object.entries(form)) {
      for (const one of [value ?? []].flat()) parameters.append(name, one);
    }
    const response = await fetch(`${this.server}${path}`, {
      method: 'POST',
      body: parameters,
      headers: { ...(typeof proof === 'string' ? { dpop: proof } : {}), ...headers },
    });
    return answerOf(response);
  }

  /** The nonce of the API, which is another than that of the authorization server (RFC 9449 §9). */
  async apiNonce(path = '/v1/agency/vacancies'): Promise<string> {
    const response = await fetch(`${this.server}${path}`);
    return response.headers.get('dpop-nonce') ?? '';
  }

  async apiProof(token: string, path: string, changes: ProofChanges = {}, method = 'GET'): Promise<string> {
    const ath = createHash('sha256').update(token).digest('base64url');
    const nonce = changes.claims?.['nonce'] ?? (await this.apiNonce());
    return this.proof(method, path.split('?')[0] ?? '', {
      ...changes,
      claims: { ath, nonce, ...changes.claims },
    });
  }

  async get(path: string, headers: Record<string, string>): Promise<Answer> {
    return answerOf(await fetch(`${this.server}${path}`, { headers }));
  }

  /** A request to the API that is right except for what is given. */
  async call(token: string, changes: ProofChanges = {}, path = '/v1/agency/vacancies'): Promise<Answer> {
    const dpop = await this.apiProof(token, path, changes);
    return this.get(path, { authorization: `DPoP ${token}`, dpop });
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const parsed: unknown = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {};
  const body =
    typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
  return { status: response.status, body, text, headers: response.headers };
}

export interface NewProgram {
  readonly scopes?: readonly AgencyScope[];
  /** What it signs its assertions with. */
  readonly algorithm?: 'ES256' | 'EdDSA' | 'PS256';
  readonly mode?: AgencyMode;
}

/** A new agency with one program. */
export async function newProgram(
  sceau: Sceau,
  { scopes = ['vacancies:read', 'applications:read'], algorithm = 'ES256', mode = 'live' }: NewProgram = {},
): Promise<AgencyProgram> {
  const agency = await sceau.app
    .get(Agencies, { strict: false })
    .create(systemContext(), { name: 'Préfecture', mode });
  const { key, publicKey } = await newAssertionKey(algorithm);
  const client = await sceau.app
    .get(Clients, { strict: false })
    .create(systemContext(), agency.id, { name: 'Essai', jwks: { keys: [publicKey] }, scopes });
  const proofKey = await newProofKey();
  const ids = { agencyId: agency.id, clientId: client.id, key, proofKey };
  return new AgencyProgram(sceau.url, ids, `http://127.0.0.1:${sceau.settings.http.port}`);
}

/** A pair for `private_key_jwt`, under a name of its own. */
export async function newAssertionKey(alg: string): Promise<{ key: AgencyProgram['key']; publicKey: JWK }> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const named = { alg, kid: randomUUID(), use: 'sig' };
  return {
    key: { ...(await exportJWK(pair.privateKey)), ...named },
    publicKey: { ...(await exportJWK(pair.publicKey)), ...named },
  };
}

/** What the ledger holds of an action, sequenced or still staged. */
export async function ledgerEntries(sceau: Sceau, action: string): Promise<readonly LedgerEntryText[]> {
  const rows = await sceau.database.query<{ envelope: string }>(
    `SELECT convert_from(envelope, 'UTF8') AS envelope FROM audit.staging
     UNION ALL SELECT convert_from(envelope, 'UTF8') FROM audit.leaf`,
  );
  return rows
    .map(({ envelope }): LedgerEntryText => JSON.parse(envelope))
    .filter((entry) => entry.action === action)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** What the ledger holds of one request's refusal. */
export async function refusalOf(sceau: Sceau, answer: Answer): Promise<LedgerEntryText | undefined> {
  const entries = await ledgerEntries(sceau, 'token.refused');
  return entries.find(({ requestId }) => requestId === answer.headers.get('x-request-id'));
}

export interface LedgerEntryText {
  /** UUIDv7: sorts by time. */
  readonly id: string;
  readonly action: string;
  readonly requestId: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly actor: { readonly kind: string; readonly id?: string };
  readonly agency?: string;
  readonly resource: { readonly type: string; readonly id?: string };
  readonly count?: number;
}
