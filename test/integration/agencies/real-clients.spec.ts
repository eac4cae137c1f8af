import type { webcrypto } from 'node:crypto';
import { importJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type AgencyProgram, newProgram } from './agency-program.js';

let sceau: Sceau;

beforeAll(async () => {
  sceau = await startSceau();
});

afterAll(() => sceau.stop());

async function assertionKey({ key }: AgencyProgram): Promise<webcrypto.CryptoKey> {
  const imported = await importJWK(key, key.alg);
  if (!(imported instanceof CryptoKey)) throw new Error('not an asymmetric key');
  return imported;
}

const path = '/v1/agency/vacancies';
const answered = { items: [], nextCursor: null };

/** From the metadata to the last call, with libraries as they come from npm. */
describe('a program on oauth4webapi, with PS256 keys', () => {
  // oxlint-disable-next-line typescript/no-deprecated -- the loopback has no TLS
  const insecure = { [oauth.allowInsecureRequests]: true };
  let asked: string[];
  let as: oauth.AuthorizationServer;
  let client: oauth.Client;
  let authentication: oauth.ClientAuth;
  let DPoP: oauth.DPoPHandle;
  let token: string;

  const listening = (
    url: string,
    init: oauth.CustomFetchOptions<string, oauth.ProtectedResourceRequestBody>,
  ): Promise<Response> => {
    asked.push(`${init.method} ${new URL(url).pathname}`);
    return fetch(url, { ...init, body: init.body ?? null });
  };

  /** As the library's documentation tells programs to: whoever is asked for a nonce asks once more. */
  async function withNonce<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return request();
    }
  }

  beforeAll(async () => {
    const program = await newProgram(sceau, { algorithm: 'PS256' });
    const issuer = new URL(program.issuer);
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
    as = await oauth.processDiscoveryResponse(issuer, found);
    client = { client_id: program.clientId };
    authentication = oauth.PrivateKeyJwt({ key: await assertionKey(program), kid: program.key.kid });
    DPoP = oauth.DPoP(client, await oauth.generateKeyPair('PS256'));
    const form = program.tokenForm();
    const answer = await withNonce(async () =>
      oauth.processClientCredentialsResponse(
        as,
        client,
        await oauth.clientCredentialsGrantRequest(as, client, authentication, form, { DPoP, ...insecure }),
      ),
    );
    token = answer.access_token;
  });

  beforeEach(() => {
    asked = [];
  });

  const call = (): Promise<Response> =>
    oauth.protectedResourceRequest(token, 'GET', new URL(path, sceau.url), undefined, undefined, {
      DPoP,
      ...insecure,
      [oauth.customFetch]: listening,
    });

  it('calls the API: asked for the API’s own nonce it asks once more, and never again', async () => {
    const first = await withNonce(call);
    expect(await first.json()).toEqual(answered);
    expect(asked).toEqual([`GET ${path}`, `GET ${path}`]);
    expect(await (await call()).json()).toEqual(answered);
    expect(asked).toHaveLength(3);
  });

  it('looks at its token and ends it', async () => {
    const state = async (): Promise<oauth.IntrospectionResponse> =>
      oauth.processIntrospectionResponse(
        as,
        client,
        await oauth.introspectionRequest(as, client, authentication, token, insecure),
      );
    expect(await state()).toMatchObject({
      active: true,
      client_id: client.client_id,
      token_type: 'DPoP',
      cnf: { jkt: await DPoP.calculateThumbprint() },
    });
    const revoked = await oauth.revocationRequest(as, client, authentication, token, insecure);
    await oauth.processRevocationResponse(revoked);
    expect(await state()).toEqual({ active: false });
    await expect(withNonce(call)).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'dpop', parameters: { error: 'invalid_token' } }],
    });
  });
});

describe('a program on openid-client', () => {
  it('calls the API, looks at its token and ends it', async () => {
    const program = await newProgram(sceau);
    const asked: string[] = [];
    const config = await openid.discovery(
      new URL(program.issuer),
      program.clientId,
      {},
      openid.PrivateKeyJwt({ key: await assertionKey(program), kid: program.key.kid }),
      // oxlint-disable-next-line typescript/no-deprecated -- the loopback has no TLS
      { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] },
    );
    config[openid.customFetch] = (url, init) => {
      asked.push(`${init.method} ${new URL(url).pathname}`);
      return fetch(url, { ...init, body: init.body ?? null });
    };
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
    const { access_token: token } = await openid.clientCredentialsGrant(config, program.tokenForm(), {
      DPoP,
    });
    expect(asked).toEqual(['POST /oauth/token', 'POST /oauth/token']);

    const call = (): Promise<Response> =>
      openid.fetchProtectedResource(config, token, new URL(path, sceau.url), 'GET', null, new Headers(), {
        DPoP,
      });
    asked.length = 0;
    expect(await (await call()).json()).toEqual(answered);
    // The library knows one nonce of each origin: that of the authorization server is not the API's.
    expect(asked).toEqual([`GET ${path}`, `GET ${path}`]);
    expect(await (await call()).json()).toEqual(answered);
    expect(asked).toHaveLength(3);

    expect(await openid.tokenIntrospection(config, token)).toMatchObject({
      active: true,
      client_id: program.clientId,
    });
    await openid.tokenRevocation(config, token);
    expect(await openid.tokenIntrospection(config, token)).toEqual({ active: false });
    await expect(call()).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'dpop', parameters: { error: 'invalid_token' } }],
    });
  });
});
