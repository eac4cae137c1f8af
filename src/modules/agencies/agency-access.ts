import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import { Clock } from '../../kernel/clock.js';
import type { AgencyActor, AgencyScope } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { originOf } from '../../kernel/ip-network.js';
import { Settings } from '../../platform/config/settings.js';
import { contextOf, RateLimits, type Request } from '../../platform/http/index.js';
import { type AskedRevision, IndexKeys } from '../../sealing/index.js';
import { type Challenge, challengeOf, type Scheme, type TokenError } from './challenge.js';
import { AuthorizationServer } from './authorization-server/authorization-server.js';
import { certificateThumbprint } from './clients/client-certificates.js';
import { Clients } from './clients/clients.js';
import { LatestClients } from './dpop/latest-clients.js';
import { currentNonce, isFreshNonce } from './dpop/nonces.js';
import { checkProof, type Proof, PROOF_WINDOW_SECONDS } from './dpop/proof.js';
import { PresentedTokens } from './persistence/presented-tokens.js';
import { type Mark, markOf } from './persistence/replay-store.js';
import { actorOf, type RefusedToken, TokenEntries } from './token-entries.js';

interface Refused extends RefusedToken {
  /** `DPoP` unless told. */
  readonly scheme?: Scheme;
  readonly error?: TokenError;
  /** For the ledger; without one there is nothing to record. */
  readonly reason?: string;
}

const CREDENTIAL = /^(DPoP|Bearer) +([\x21-\x7e]{1,512})$/i;

/** What the request shows of a key: in a proof of its own, or by its connection. */
type Shown =
  | { readonly by: 'proof'; readonly proof: Proof }
  | { readonly by: 'certificate'; readonly thumbprint: string };

/**
 * Decides whether a request comes from an agency's client: a live token, with a proof of its key (RFC 9449 §7) or on a
 * connection with its certificate (RFC 8705 §3). A token that is bound to neither is nobody's.
 */
@Injectable()
export class AgencyAccess {
  readonly #server: AuthorizationServer;
  readonly #clients: Clients;
  readonly #tokens: PresentedTokens;
  readonly #entries: TokenEntries;
  readonly #keys: IndexKeys;
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  readonly #publicUrl: string;
  readonly #takesCertificates: boolean;
  readonly #latest = new LatestClients();

  constructor(
    server: AuthorizationServer,
    clients: Clients,
    tokens: PresentedTokens,
    entries: TokenEntries,
    keys: IndexKeys,
    limits: RateLimits,
    clock: Clock,
    settings: Settings,
  ) {
    this.#server = server;
    this.#clients = clients;
    this.#tokens = tokens;
    this.#entries = entries;
    this.#keys = keys;
    this.#limits = limits;
    this.#clock = clock;
    this.#publicUrl = settings.publicUrl;
    this.#takesCertificates = settings.http.mutualTls !== undefined;
  }

  /** @throws Failure `token_refused`, one answer for every cause; the ledger holds which it was. `too_many_requests` */
  async recognise(request: Request): Promise<AgencyActor> {
    const outcome = await this.#check(request);
    if ('kind' in outcome) return outcome;
    const { reason, error, scheme, ...token } = outcome;
    if (reason !== undefined) await this.#record(request, reason, token);
    throw new Failure('token_refused', {
      headers: { 'www-authenticate': this.#challenge({ error, scheme }), 'dpop-nonce': await this.nonce() },
    });
  }

  /** @returns the failure for a recognised client whose token is not for this */
  async refuseScope(
    request: Request,
    agencyId: AgencyActor['agencyId'],
    scope: AgencyScope,
  ): Promise<Failure> {
    await this.#record(request, 'insufficient_scope', { agencyId });
    return new Failure('forbidden_scope', {
      headers: {
        'www-authenticate': this.#challenge({
          error: 'insufficient_scope',
          scheme: schemeOf(request),
          scope,
        }),
      },
    });
  }

  /** The nonce that the client's next proof should carry. */
  async nonce(): Promise<string> {
    return currentNonce(await this.#keys.key('dpop-nonce'), this.#clock.now());
  }

  /** @throws Failure `too_many_requests` for an origin that is refused all the time: the ledger is not for it to fill */
  async #record(request: Request, reason: string, token: RefusedToken): Promise<void> {
    const context = contextOf(request);
    await this.#limits.enforce('agency_refusals', originOf(context.address), context);
    await this.#entries.refused(context, reason, token);
  }

  async #check(request: Request): Promise<AgencyActor | Refused> {
    const { authorization } = request.headers;
    const { clientCertificate } = request;
    if (clientCertificate.kind === 'refused')
      return { error: 'invalid_token', reason: clientCertificate.reason, scheme: schemeOf(request) };
    if (authorization === undefined) return {};
    const accessToken = CREDENTIAL.exec(authorization)?.[2];
    const scheme = schemeOf(request);
    if (accessToken === undefined || (scheme === 'Bearer' && !this.#takesCertificates))
      return { error: 'invalid_token', reason: 'wrong_scheme' };
    const now = this.#clock.now();
    const shown = scheme === 'DPoP' ? await this.#proofOf(request, accessToken, now) : certificateOf(request);
    const outcome = await this.#match(request, accessToken, shown, now);
    return 'kind' in outcome ? outcome : { ...outcome, scheme };
  }

  async #match(
    request: Request,
    accessToken: string,
    shown: Shown | Refused,
    now: Date,
  ): Promise<AgencyActor | Refused> {
    const isFresh = 'by' in shown && (await this.#isFresh(shown, now));
    // Before it is known whose token this is: a mark counts for the key of its proof alone, so that whoever shows
    // another's token uses up nothing but proofs of their own.
    const mark = isFresh && shown.by === 'proof' ? markOfProof(shown.proof, now) : undefined;
    const key = 'by' in shown ? thumbprintOf(shown) : undefined;
    const asked = this.#askBeforehand(key);
    const token = await this.#tokens.find({ value: accessToken, mark });
    const client =
      token?.client === undefined
        ? undefined
        : await this.#clients.activeRow(contextOf(request), token.client, asked);
    const about = { tokenId: token?.id, agencyId: client?.agencyId };
    if (!('by' in shown)) return { ...shown, ...about };
    if (token === undefined) return { error: 'invalid_token', reason: 'token_unknown' };
    const { kind, aud, scope = '' } = token.payload;
    if (kind !== 'ClientCredentials' || aud !== this.#server.resource)
      return { error: 'invalid_token', reason: 'wrong_audience', ...about };
    if (!isBoundTo(token.payload, shown)) return { error: 'invalid_token', reason: 'wrong_key', ...about };
    if (client === undefined) return { error: 'invalid_token', reason: 'client_inactive', ...about };
    // Last, since it is said to whoever does everything right but for the first time.
    if (!isFresh) return { error: 'use_dpop_nonce', ...about };
    if (mark !== undefined && !token.isFirst)
      return { error: 'invalid_dpop_proof', reason: 'proof_replayed', ...about };
    const granted = new Set(scope.split(' '));
    const scopes = client.scopes.filter((entry) => granted.has(entry));
    this.#latest.note(thumbprintOf(shown), client.id);
    return actorOf({ ...client, scopes }, key);
  }

  /** The revision of the client that has used the key last, which is most often the one that the token turns out to be of. */
  #askBeforehand(key: string | undefined): AskedRevision | undefined {
    const client = key === undefined ? undefined : this.#latest.of(key);
    return client === undefined ? undefined : this.#clients.ask(client);
  }

  async #proofOf(request: Request, accessToken: string, now: Date): Promise<Shown | Refused> {
    const { dpop } = request.headers;
    if (typeof dpop !== 'string') return { error: 'invalid_dpop_proof', reason: 'proof_missing' };
    const url = `${this.#publicUrl}${request.url}`;
    const proof = await checkProof(dpop, { method: request.method, url, accessToken, now });
    return typeof proof === 'string'
      ? { error: 'invalid_dpop_proof', reason: proof }
      : { by: 'proof', proof };
  }

  /** Whether a proof has a nonce of ours that is still good; a certificate needs none. */
  async #isFresh(shown: Shown, now: Date): Promise<boolean> {
    if (shown.by === 'certificate') return true;
    const { nonce } = shown.proof;
    return nonce !== undefined && isFreshNonce(await this.#keys.key('dpop-nonce'), now, nonce);
  }

  #challenge(problem: Pick<Challenge, 'error' | 'scheme' | 'scope'>): string {
    const metadata = `${this.#publicUrl}/.well-known/oauth-protected-resource/v1`;
    return challengeOf({
      ...problem,
      metadata,
      schemes: this.#takesCertificates ? ['DPoP', 'Bearer'] : ['DPoP'],
    });
  }
}

/** What the request says it uses; one that says neither is told of DPoP. */
function schemeOf({ headers }: Request): Scheme {
  return /^bearer /i.test(headers.authorization ?? '') ? 'Bearer' : 'DPoP';
}

const markOfProof = ({ thumbprint, jti }: Proof, now: Date): Mark =>
  markOf('proof', thumbprint, jti, new Date(now.getTime() + 2 * PROOF_WINDOW_SECONDS * 1_000));

function certificateOf({ clientCertificate }: Request): Shown | Refused {
  return clientCertificate.kind === 'presented'
    ? { by: 'certificate', thumbprint: certificateThumbprint(clientCertificate.certificate) }
    : { error: 'invalid_token', reason: 'certificate_missing' };
}

function thumbprintOf(shown: Shown): string {
  return shown.by === 'proof' ? shown.proof.thumbprint : shown.thumbprint;
}

/** RFC 7800 §3.1: to what was shown, and in the way it was shown. */
function isBoundTo(payload: AdapterPayload, shown: Shown): boolean {
  switch (shown.by) {
    case 'proof':
      return payload.jkt === shown.proof.thumbprint;
    case 'certificate':
      return payload['x5t#S256'] === shown.thumbprint;
  }
}
