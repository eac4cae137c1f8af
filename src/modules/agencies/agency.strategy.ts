import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-custom';
import { Clock } from '../../kernel/clock.js';
import type { AgencyActor } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { Ledger } from '../../ledger/index.js';
import { Settings } from '../../platform/config/settings.js';
import { contextOf, type Request } from '../../platform/http/index.js';
import { IndexKeys } from '../../sealing/index.js';
import { AGENCY_SCOPES, AuthorizationServer } from './authorization-server/authorization-server.js';
import { CLIENT_ALGORITHMS } from './clients/client-keys.js';
import { Clients } from './clients/clients.js';
import { currentNonce, isFreshNonce } from './dpop/nonces.js';
import { checkProof, PROOF_WINDOW_SECONDS } from './dpop/proof.js';
import { ReplayStore } from './persistence/replay-store.js';

const CREDENTIAL = /^DPoP ([\x21-\x7e]{20,512})$/;

/** Passport's `agency`: a live access token, presented with a proof of the key it is bound to (RFC 9449 §7). */
@Injectable()
export class AgencyStrategy extends PassportStrategy(Strategy, 'agency') {
  readonly #server: AuthorizationServer;
  readonly #clients: Clients;
  readonly #replays: ReplayStore;
  readonly #keys: IndexKeys;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #publicUrl: string;

  constructor(
    server: AuthorizationServer,
    clients: Clients,
    replays: ReplayStore,
    keys: IndexKeys,
    ledger: Ledger,
    clock: Clock,
    settings: Settings,
  ) {
    super();
    this.#server = server;
    this.#clients = clients;
    this.#replays = replays;
    this.#keys = keys;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#publicUrl = settings.publicUrl;
  }

  async validate(request: Request): Promise<AgencyActor> {
    const outcome = await this.#authenticate(request);
    if (typeof outcome !== 'string') return outcome;
    if (request.headers.authorization !== undefined) {
      const context = contextOf(request);
      await this.#ledger.append(
        { action: 'token.refused', context, outcome: 'refused', reason: outcome },
        'staged',
      );
    }
    throw await this.#refusal(outcome);
  }

  /** @returns the agency's client, or a code that says why not, for the ledger only */
  async #authenticate(request: Request): Promise<AgencyActor | string> {
    const accessToken = CREDENTIAL.exec(request.headers.authorization ?? '')?.[1];
    const { dpop } = request.headers;
    if (accessToken === undefined) return 'no_credential';
    if (typeof dpop !== 'string' || dpop.includes(',')) return 'no_proof';
    const now = this.#clock.now();
    const path = request.url.split('?')[0] ?? '';
    const proof = await checkProof(dpop, {
      method: request.method,
      url: `${this.#publicUrl}${path}`,
      accessToken,
      now,
    });
    if (typeof proof === 'string') return proof;
    if (proof.nonce === undefined || !isFreshNonce(await this.#keys.key('dpop-nonce'), now, proof.nonce))
      return 'nonce';
    const token = await this.#server.findToken(accessToken);
    if (token?.clientId === undefined || token.jkt !== proof.thumbprint) return 'token';
    if (token.aud !== this.#server.resource) return 'audience';
    const client = await this.#clients.active(token.clientId);
    if (client === undefined) return 'client';
    const expiresAt = new Date(now.getTime() + 2 * PROOF_WINDOW_SECONDS * 1_000);
    if (!(await this.#replays.isFirstUse('dpop', proof.thumbprint, proof.jti, expiresAt))) return 'replay';
    const granted = new Set((token.scope ?? '').split(' '));
    const scopes = AGENCY_SCOPES.filter((scope) => granted.has(scope) && client.scopes.includes(scope));
    return { kind: 'agency', agencyId: client.agencyId, clientId: client.id, scopes };
  }

  /** One answer for every failure; only the wish for a nonce is told apart, since clients must act on it. */
  async #refusal(reason: string): Promise<Failure> {
    const nonce = currentNonce(await this.#keys.key('dpop-nonce'), this.#clock.now());
    const error = reason === 'nonce' ? 'use_dpop_nonce' : 'invalid_token';
    const challenge = reason === 'no_credential' ? '' : ` error="${error}",`;
    const metadata = `${this.#publicUrl}/.well-known/oauth-protected-resource`;
    return new Failure('token_refused', {
      headers: {
        'www-authenticate': `DPoP${challenge} algs="${CLIENT_ALGORITHMS.join(' ')}", resource_metadata="${metadata}"`,
        'dpop-nonce': nonce,
      },
    });
  }
}
