import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { AgencyActor, AgencyScope } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { originOf } from '../../kernel/ip-network.js';
import { Settings } from '../../platform/config/settings.js';
import { contextOf, RateLimits, type Request } from '../../platform/http/index.js';
import { IndexKeys } from '../../sealing/index.js';
import { SIGNATURE_ALGORITHMS } from './algorithms.js';
import { AuthorizationServer } from './authorization-server/authorization-server.js';
import { Clients } from './clients/clients.js';
import { currentNonce, isFreshNonce } from './dpop/nonces.js';
import { checkProof, type Proof, PROOF_WINDOW_SECONDS } from './dpop/proof.js';
import { ReplayStore } from './persistence/replay-store.js';
import { TokenStore } from './persistence/token-store.js';
import { actorOf, type RefusedToken, TokenEntries } from './token-entries.js';

/** RFC 6750 §3.1 and RFC 9449 §7.1, as far as they are told apart. */
type TokenError = 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce' | 'insufficient_scope';

interface Refused extends RefusedToken {
  readonly error?: TokenError;
  /** For the ledger; without one there is nothing to record. */
  readonly reason?: string;
}

const CREDENTIAL = /^DPoP +([\x21-\x7e]{1,512})$/i;

/** Decides whether a request comes from an agency's client: a live token, with a proof of its key (RFC 9449 §7). */
@Injectable()
export class AgencyAccess {
  readonly #server: AuthorizationServer;
  readonly #clients: Clients;
  readonly #tokens: TokenStore;
  readonly #replays: ReplayStore;
  readonly #entries: TokenEntries;
  readonly #keys: IndexKeys;
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  readonly #publicUrl: string;

  constructor(
    server: AuthorizationServer,
    clients: Clients,
    tokens: TokenStore,
    replays: ReplayStore,
    entries: TokenEntries,
    keys: IndexKeys,
    limits: RateLimits,
    clock: Clock,
    settings: Settings,
  ) {
    this.#server = server;
    this.#clients = clients;
    this.#tokens = tokens;
    this.#replays = replays;
    this.#entries = entries;
    this.#keys = keys;
    this.#limits = limits;
    this.#clock = clock;
    this.#publicUrl = settings.publicUrl;
  }

  /** @throws Failure `token_refused`, one answer for every cause; the ledger holds which it was. `too_many_requests` */
  async recognise(request: Request): Promise<AgencyActor> {
    const outcome = await this.#check(request);
    if ('kind' in outcome) return outcome;
    const { reason, error, ...token } = outcome;
    if (reason !== undefined) await this.#record(request, reason, token);
    throw new Failure('token_refused', {
      headers: { 'www-authenticate': this.#challenge(error), 'dpop-nonce': await this.nonce() },
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
      headers: { 'www-authenticate': this.#challenge('insufficient_scope', scope) },
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
    const { authorization, dpop } = request.headers;
    if (authorization === undefined) return {};
    const accessToken = CREDENTIAL.exec(authorization)?.[1];
    if (accessToken === undefined) return { error: 'invalid_token', reason: 'wrong_scheme' };
    if (typeof dpop !== 'string') return { error: 'invalid_dpop_proof', reason: 'proof_missing' };
    const now = this.#clock.now();
    const url = `${this.#publicUrl}${request.url}`;
    const proof = await checkProof(dpop, { method: request.method, url, accessToken, now });
    const token = await this.#tokens.find(accessToken);
    const client = await this.#clients.active(contextOf(request), token?.payload.clientId ?? '');
    const about = { tokenId: token?.id, agencyId: client?.agencyId };
    if (typeof proof === 'string') return { error: 'invalid_dpop_proof', reason: proof, ...about };
    if (token === undefined) return { error: 'invalid_token', reason: 'token_unknown' };
    const { kind, jkt, aud, scope = '' } = token.payload;
    if (kind !== 'ClientCredentials' || aud !== this.#server.resource)
      return { error: 'invalid_token', reason: 'wrong_audience', ...about };
    if (jkt !== proof.thumbprint) return { error: 'invalid_token', reason: 'wrong_key', ...about };
    if (client === undefined) return { error: 'invalid_token', reason: 'client_inactive', ...about };
    // Last, since it is asked of whoever does everything right but for the first time.
    const stale = await this.#staleness(proof, now);
    if (stale !== undefined) return { ...stale, ...about };
    const granted = new Set(scope.split(' '));
    return actorOf({ ...client, scopes: client.scopes.filter((entry) => granted.has(entry)) });
  }

  async #staleness({ nonce, thumbprint, jti }: Proof, now: Date): Promise<Refused | undefined> {
    const key = await this.#keys.key('dpop-nonce');
    if (nonce === undefined || !isFreshNonce(key, now, nonce)) return { error: 'use_dpop_nonce' };
    const expiresAt = new Date(now.getTime() + 2 * PROOF_WINDOW_SECONDS * 1_000);
    const first = await this.#replays.isFirstUse('proof', thumbprint, jti, expiresAt);
    return first ? undefined : { error: 'invalid_dpop_proof', reason: 'proof_replayed' };
  }

  /** RFC 9449 §7.1, RFC 9728 §5.1. */
  #challenge(error: TokenError | undefined, scope?: AgencyScope): string {
    const metadata = `${this.#publicUrl}/.well-known/oauth-protected-resource/v1`;
    const parameters = [
      ...(error === undefined ? [] : [`error="${error}"`]),
      ...(scope === undefined ? [] : [`scope="${scope}"`]),
      `algs="${SIGNATURE_ALGORITHMS.join(' ')}"`,
      `resource_metadata="${metadata}"`,
    ];
    return `DPoP ${parameters.join(', ')}`;
  }
}
