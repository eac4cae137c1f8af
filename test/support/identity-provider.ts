import { createServer, type Server } from 'node:http';
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';
import type { FederationProvider, ProviderSettings } from '../../src/platform/config/settings.js';
import { IdentityProviderStore } from './identity-provider-store.js';
import { freePort } from '../../tools/free-port.ts';

/** What a dishonest provider, or somebody between it and us, does to a token: other claims, another signature, none. */
export interface Forgery {
  readonly claims?: (claims: JWTPayload) => JWTPayload;
  readonly isForeign?: boolean;
  readonly isUnsigned?: boolean;
}

const CLIENT_ID = 'sceau';
const CLIENT_SECRET = 'un-secret-pour-les-essais-seulement-0123456789';

/** An OpenID Connect provider on a free port that recognises whoever comes as the person set here. */
export class IdentityProvider {
  /** Who the next browser is. */
  subject = 'a1b2c3';
  /** How well it has been looked at. */
  acr = 'eidas1';
  idToken: Forgery = {};
  userInfo: Forgery = {};
  readonly settings: ProviderSettings;
  readonly #server: Server;

  private constructor(settings: ProviderSettings, server: Server) {
    this.settings = settings;
    this.#server = server;
  }

  /** @param publicUrl of the relying party */
  static async start(
    name: FederationProvider,
    publicUrl: string,
    acr: readonly string[],
  ): Promise<IdentityProvider> {
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const keys = await generateKeyPair('ES256', { extractable: true });
    const foreign = await generateKeyPair('ES256');
    const named = { kid: 'signing', alg: 'ES256', use: 'sig' };
    const client = {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [`${publicUrl}/v1/federation/${name}/callback`],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'ES256',
    } as const;
    const provider = new Provider(issuer, {
      adapter: IdentityProviderStore,
      clients: [client],
      jwks: { keys: [{ ...(await exportJWK(keys.privateKey)), ...named }] },
      acrValues: [...acr],
      claims: { openid: ['sub'], acr: null },
      cookies: { keys: ['essais'] },
      ttl: { AccessToken: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
      features: {
        devInteractions: { enabled: false },
        jwtUserinfo: { enabled: true },
        claimsParameter: { enabled: true },
      },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      loadExistingGrant: async ({ oidc: { client: asking, session, provider: at } }) => {
        const grant = new at.Grant({
          clientId: asking?.clientId ?? '',
          accountId: session?.accountId ?? '',
        });
        grant.addOIDCScope('openid');
        grant.addOIDCClaims(['acr']);
        await grant.save();
        return grant;
      },
    });
    const forged = async (token: string, { claims = (own) => own, isForeign, isUnsigned }: Forgery) => {
      const content = claims(decodeJwt(token));
      if (isUnsigned === true) {
        const parts = [{ alg: 'none' }, content].map((part) =>
          Buffer.from(JSON.stringify(part)).toString('base64url'),
        );
        return `${parts.join('.')}.`;
      }
      const key = isForeign === true ? foreign.privateKey : keys.privateKey;
      return new SignJWT(content).setProtectedHeader({ alg: 'ES256', kid: 'signing' }).sign(key);
    };
    provider.use(async (context, next) => {
      await next();
      const body: unknown = context.body;
      if (context.path === '/token' && typeof body === 'object' && body !== null && 'id_token' in body)
        context.body = { ...body, id_token: await forged(String(body.id_token), started.idToken) };
      if (context.path === '/me' && typeof body === 'string')
        context.body = await forged(body, started.userInfo);
    });
    // Made last, of all that was put before it.
    const callback = provider.callback();
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/interaction/') !== true) {
        void callback(request, response);
        return;
      }
      const login = { accountId: started.subject, acr: started.acr, remember: false };
      provider.interactionFinished(request, response, { login }).catch(() => response.destroy());
    });
    const started = new IdentityProvider(
      { issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, scope: 'openid', signature: 'ES256', acr },
      server,
    );
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    return started;
  }

  /** An honest provider again, of this person. */
  reset(subject: string, acr = 'eidas1'): void {
    this.subject = subject;
    this.acr = acr;
    this.idToken = {};
    this.userInfo = {};
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
