import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { calculateJwkThumbprint, EmbeddedJWK, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { type ClientMetadata, Provider } from 'oidc-provider';

/**
 * A process that does what the product's door does with nothing but the libraries, all of it in memory: oidc-provider
 * as it comes, with the same profile, and a resource that checks each proof and looks the token up.
 * Arguments: the port, and the clients in JSON.
 */
const [, , port = '0', clients = '[]'] = process.argv;
const url = `http://127.0.0.1:${port}`;
const algorithms = ['ES256', 'PS256', 'EdDSA', 'Ed25519'] as const;
const metadata: ClientMetadata[] = JSON.parse(clients);
const { kty = 'EC', ...key } = await exportJWK(
  (await generateKeyPair('ES256', { extractable: true })).privateKey,
);

const provider = new Provider(`${url}/oauth`, {
  clients: metadata,
  jwks: { keys: [{ kty, ...key, alg: 'ES256', use: 'sig' }] },
  routes: { token: '/token' },
  scopes: ['vacancies:read'],
  responseTypes: [],
  clientAuthMethods: ['private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: [...algorithms], dPoPSigningAlgValues: [...algorithms] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => true },
    fapi: { enabled: true, profile: '2.0' },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: 'vacancies:read',
        accessTokenTTL: 300,
        accessTokenFormat: 'opaque',
      }),
    },
  },
});
const answerOauth = provider.callback();

const used = new Set<string>();
const nonceOf = (window: number): string =>
  createHmac('sha256', 'bench').update(String(window)).digest('base64url');
const currentNonces = (): string[] => [0, 1].map((ago) => nonceOf(Math.floor(Date.now() / 120_000) - ago));

/** RFC 9449 §4.3 and §7.1. @returns whether the request is let through */
async function isProven({ headers, method }: IncomingMessage, path: string): Promise<boolean> {
  const token = /^DPoP (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const { payload, protectedHeader } = await jwtVerify(String(headers['dpop']), EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: [...algorithms],
    maxTokenAge: 300,
  });
  const ath = createHash('sha256').update(token).digest('base64url');
  if (payload['htm'] !== method || payload['htu'] !== `${url}${path}` || payload['ath'] !== ath) return false;
  const nonce = Buffer.from(String(payload['nonce']));
  if (
    !currentNonces().some((good) => good.length === nonce.length && timingSafeEqual(Buffer.from(good), nonce))
  )
    return false;
  const found = await provider.ClientCredentials.find(token);
  if (found?.isValid !== true || found.scope !== 'vacancies:read') return false;
  if (found['jkt'] !== (await calculateJwkThumbprint(protectedHeader.jwk ?? {}))) return false;
  const isFirst = !used.has(String(payload.jti));
  used.add(String(payload.jti));
  return isFirst && (await provider.Client.find(found.clientId ?? '')) !== undefined;
}

async function answerApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url: path = '' } = request;
  const isLetThrough = await isProven(request, path).catch(() => false);
  const status = path.endsWith('?limit=0') ? 400 : 200;
  response.writeHead(isLetThrough ? status : 401, {
    'content-type': 'application/json',
    'dpop-nonce': currentNonces()[0],
  });
  response.end(isLetThrough ? '{"items":[],"nextCursor":null}' : '{}');
}

createServer((request, response) => {
  const { url: path = '' } = request;
  if (!path.startsWith('/oauth/')) return void answerApi(request, response);
  // As the product does it: the library expects the path below its issuer, and makes addresses of the original.
  Object.assign(request, { originalUrl: path, url: path.slice('/oauth'.length) });
  return void answerOauth(request, response);
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
process.once('disconnect', () => process.exit(0));
