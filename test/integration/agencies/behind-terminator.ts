import { X509Certificate } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { Agent, fetch as secureFetch } from 'undici';
import {
  Agencies,
  Clients,
  parseCertificates,
  type Possession,
} from '../../../src/modules/agencies/index.js';
import { systemContext } from '../../support/actors.js';
import { selfSigned } from '../../support/key-services/certificate.js';
import type { Identity } from '../../support/key-services/local-service.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { TlsTerminator } from '../../support/tls-terminator.js';
import { ledgerEntries } from './agency-program.js';
import type { ClientId } from '../../../src/kernel/ids.js';

/** What a request to the product or to the terminator in front of it came to. */
export interface Outcome {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  readonly challenge: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A client that is recognised by its certificate. */
export interface CertificateClient {
  readonly id: ClientId;
  readonly identity: Identity;
}

export const bearer = (token: string): Sent => ({ headers: { authorization: `Bearer ${token}` } });

/** RFC 9440. */
export const headerOf = ({ certificate }: Identity): string =>
  `:${new X509Certificate(certificate).raw.toString('base64')}:`;

/** The product behind a TLS terminator that asks for certificates. */
export class BehindTerminator {
  readonly sceau: Sceau;
  readonly terminator: TlsTerminator;
  readonly #agents: Agent[] = [];

  private constructor(sceau: Sceau, terminator: TlsTerminator) {
    this.sceau = sceau;
    this.terminator = terminator;
  }

  static async start(): Promise<BehindTerminator> {
    const started: TlsTerminator[] = [];
    const sceau = await startSceau({
      adjust: async (settings) => {
        const terminator = await TlsTerminator.start(settings.http.port);
        started.push(terminator);
        const mutualTls = { url: terminator.url, header: 'Client-Cert', format: 'rfc9440' } as const;
        return { ...settings, http: { ...settings.http, trustedProxies: ['127.0.0.1'], mutualTls } };
      },
    });
    const [terminator] = started;
    if (terminator === undefined) throw new Error('Nothing ends TLS.');
    return new BehindTerminator(sceau, terminator);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.close()));
    await this.terminator.stop();
    await this.sceau.stop();
  }

  async register(possession: Possession, jwks: ReturnType<typeof parseCertificates>): Promise<ClientId> {
    const { app } = this.sceau;
    const agency = await app.get(Agencies, { strict: false }).create(systemContext(), { name: 'Préfecture' });
    const client = { name: 'RH', jwks, scopes: ['vacancies:read'], possession } as const;
    return (await app.get(Clients, { strict: false }).create(systemContext(), agency.id, client)).id;
  }

  async newClient(identity = selfSigned()): Promise<CertificateClient> {
    return { id: await this.register('mutual_tls', parseCertificates(identity.certificate)), identity };
  }

  /** `fetch` on connections to the terminator with this certificate, or none; plain ones to the product. */
  fetchWith(
    identity?: Identity,
  ): (
    url: string,
    init: { method?: string; headers?: Record<string, string>; body?: unknown },
  ) => Promise<Response> {
    const own = identity === undefined ? {} : { key: identity.key, cert: identity.certificate };
    const dispatcher = new Agent({ connect: { ca: this.terminator.identity.certificate, ...own } });
    this.#agents.push(dispatcher);
    return async (url, { body, ...init }) => {
      const text = body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : null;
      const response = await secureFetch(url, { ...init, body: text, dispatcher });
      const { status, headers } = response;
      return new Response(await response.text(), { status, headers: [...headers] });
    };
  }

  async send(path: string, identity: Identity | undefined, sent: Sent = {}): Promise<Outcome> {
    const response = await this.fetchWith(identity)(`${this.terminator.url}${path}`, sent);
    return outcomeOf(response.status, response.headers, await response.text());
  }

  /** Straight to the product, past the terminator, from an address of this machine. */
  around(from: string, path: string, certificate: string | string[], sent: Sent): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const headers = { ...sent.headers, 'client-cert': certificate };
      const options = { method: sent.method ?? 'GET', headers, localAddress: from };
      const url = `http://127.0.0.1:${this.sceau.settings.http.port}${path}`;
      const outgoing = plainRequest(url, options, (answer) => {
        let text = '';
        answer.on('data', (part) => (text += String(part)));
        answer.on('end', () => {
          resolve(outcomeOf(answer.statusCode ?? 0, new Headers(named(answer.headers)), text));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(sent.body);
    });
  }

  form(id: string, more: Record<string, string> = {}): Sent {
    return {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: id,
        grant_type: 'client_credentials',
        scope: 'vacancies:read',
        resource: `${this.sceau.url}/v1`,
        ...more,
      }).toString(),
    };
  }

  async tokenOf({ id, identity }: CertificateClient): Promise<string> {
    const answer = await this.send('/oauth/token', identity, this.form(id));
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    return String(answer.body['access_token']);
  }

  /** Why the ledger says that it was refused. */
  async reasonOf({ requestId }: Outcome): Promise<string | undefined> {
    const entries = await ledgerEntries(this.sceau, 'token.refused');
    return entries.find((entry) => entry.requestId === requestId)?.reason;
  }
}

function outcomeOf(status: number, headers: { get(name: string): string | null }, text: string): Outcome {
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  const body =
    typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
  const header = (name: string): string => headers.get(name) ?? '';
  return { status, body, requestId: header('x-request-id'), challenge: header('www-authenticate') };
}

function named(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
