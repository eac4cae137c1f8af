import { exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import type { AgencyId, ClientId } from '../../kernel/ids.js';
import { AGENCY_SCOPES, type Clients } from '../../modules/agencies/index.js';

/** A client whose private key the product has made itself, which it does for trying out only. */
export interface DemoClient {
  readonly clientId: ClientId;
  readonly privateKey: JWK & { readonly alg: string; readonly kid: string };
}

/** The same key as other programs want it. */
export interface DemoKey extends DemoClient {
  /** PKCS #8 (RFC 5958), PEM. */
  readonly pem: string;
}

/** Registers a client with every scope and a fresh key. */
export async function registerDemoClient(
  context: RequestContext<SystemActor>,
  clients: Clients,
  agencyId: AgencyId,
): Promise<DemoKey> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const named = { alg: 'ES256', use: 'sig', kid: 'demo-1' };
  const client = await clients.create(context, agencyId, {
    name: 'Démonstration',
    jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), ...named }] },
    scopes: [...AGENCY_SCOPES],
  });
  return {
    clientId: client.id,
    privateKey: { ...(await exportJWK(pair.privateKey)), ...named },
    pem: await exportPKCS8(pair.privateKey),
  };
}
