import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { ClientChanges, Clients, parseCertificates } from '../../../src/modules/agencies/index.js';
import { type ClientId, parseId } from '../../../src/kernel/ids.js';
import { createAgency, systemContext } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { selfSigned } from '../../support/key-services/certificate.js';
import type { Sceau } from '../../support/sceau.js';
import { type AgencyProgram, newAssertionKey, newProgram } from './agency-program.js';
import {
  bearer,
  BehindTerminator,
  type CertificateClient,
  headerOf,
  type Outcome,
} from './behind-terminator.js';

const PATH = '/v1/agency/vacancies';
const ANSWERED = { items: [], nextCursor: null };

describe('agencies with certificates (RFC 8705)', () => {
  let behind: BehindTerminator;
  let sceau: Sceau;
  let mutualTls: CertificateClient;
  let dpop: AgencyProgram;

  beforeAll(async () => {
    behind = await BehindTerminator.start();
    sceau = behind.sceau;
    mutualTls = await behind.newClient();
    dpop = await newProgram(sceau);
  }, 60_000);

  afterAll(() => behind.stop());

  it('are told where, and that tokens can be bound to certificates', async () => {
    const metadata = async (name: string): Promise<unknown> =>
      (await fetch(`${sceau.url}/.well-known/${name}`)).json();
    const methods = ['private_key_jwt', 'self_signed_tls_client_auth'];
    expect(await metadata('oauth-authorization-server/oauth')).toMatchObject({
      token_endpoint: `${sceau.url}/oauth/token`,
      token_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_methods_supported: methods,
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: {
        token_endpoint: `${behind.terminator.url}/oauth/token`,
        introspection_endpoint: `${behind.terminator.url}/oauth/introspect`,
        revocation_endpoint: `${behind.terminator.url}/oauth/revoke`,
      },
    });
    expect(await metadata('oauth-protected-resource/v1')).toMatchObject({
      bearer_methods_supported: ['header'],
      dpop_bound_access_tokens_required: false,
      tls_client_certificate_bound_access_tokens: true,
    });
  });

  it('call the API by openid-client, recognised by a registered certificate', async () => {
    const { id, identity } = mutualTls;
    const config = await openid.discovery(
      new URL(`${sceau.url}/oauth`),
      id,
      { use_mtls_endpoint_aliases: true },
      openid.TlsClientAuth(),
      // oxlint-disable-next-line typescript/no-deprecated -- the loopback has no TLS but at the terminator
      { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] },
    );
    config[openid.customFetch] = behind.fetchWith(identity);
    const grant = { scope: 'vacancies:read', resource: `${sceau.url}/v1` };
    const { access_token: token, token_type: type } = await openid.clientCredentialsGrant(config, grant);
    expect(type).toBe('bearer');
    const call = (): Promise<Response> =>
      openid.fetchProtectedResource(config, token, new URL(PATH, behind.terminator.url), 'GET');
    expect(await (await call()).json()).toEqual(ANSWERED);
    const thumbprint = new X509Certificate(identity.certificate).fingerprint256.replaceAll(':', '');
    expect(await openid.tokenIntrospection(config, token)).toMatchObject({
      active: true,
      client_id: id,
      token_type: 'Bearer',
      cnf: { 'x5t#S256': Buffer.from(thumbprint, 'hex').toString('base64url') },
    });
    await openid.tokenRevocation(config, token);
    await expect(call()).rejects.toMatchObject({
      status: 401,
      cause: [
        { scheme: 'dpop', parameters: { algs: expect.any(String) } },
        { scheme: 'bearer', parameters: { error: 'invalid_token' } },
      ],
    });
  });

  it('sign assertions by oauth4webapi, with tokens bound to whatever certificate they connect with', async () => {
    const { key, publicKey } = await newAssertionKey('ES256');
    const client = {
      client_id: await behind.register('certificate', { keys: [publicKey] }),
      use_mtls_endpoint_aliases: true,
    };
    const identity = selfSigned();
    // oxlint-disable-next-line typescript/no-deprecated -- the loopback has no TLS but at the terminator
    const options = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: behind.fetchWith(identity) };
    const issuer = new URL(`${sceau.url}/oauth`);
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options });
    const as = await oauth.processDiscoveryResponse(issuer, found);
    const imported = await importJWK(key, key.alg);
    if (!(imported instanceof CryptoKey)) throw new Error('not an asymmetric key');
    const authentication = oauth.PrivateKeyJwt({ key: imported, kid: key.kid });
    const ask = async () =>
      oauth.processClientCredentialsResponse(
        as,
        client,
        await oauth.clientCredentialsGrantRequest(
          as,
          client,
          authentication,
          { scope: 'vacancies:read', resource: `${sceau.url}/v1` },
          options,
        ),
      );
    const { access_token: token } = await ask();
    const called = await oauth.protectedResourceRequest(
      token,
      'GET',
      new URL(PATH, behind.terminator.url),
      undefined,
      undefined,
      options,
    );
    expect(await called.json()).toEqual(ANSWERED);
    expect(await behind.send(PATH, selfSigned(), bearer(token))).toMatchObject({ status: 401 });
    expect(await behind.send('/oauth/token', identity, behind.form(client.client_id))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('have calls refused, with one answer and a reason for the ledger', async () => {
    const token = await behind.tokenOf(mutualTls);
    const { identity } = mutualTls;
    const [own, other, expired] = [headerOf(identity), selfSigned(), selfSigned(Date.now() - 172_800_000)];
    const dpopToken = await dpop.token();
    expect(await behind.send(PATH, identity, bearer(token))).toMatchObject({ status: 200 });
    expect(await behind.around('127.0.0.1', PATH, own, bearer(token))).toMatchObject({ status: 200 });
    const cases: readonly (readonly [string, Outcome])[] = [
      ['certificate_missing', await behind.send(PATH, undefined, bearer(token))],
      ['wrong_key', await behind.send(PATH, other, bearer(token))],
      ['certificate_expired', await behind.send(PATH, expired, bearer(token))],
      ['certificate_untrusted', await behind.around('127.0.0.2', PATH, own, bearer(token))],
      ['certificate_unreadable', await behind.around('127.0.0.1', PATH, own.slice(1), bearer(token))],
      ['certificate_unreadable', await behind.around('127.0.0.1', PATH, [own, own], bearer(token))],
      ['wrong_key', await behind.send(PATH, identity, bearer(dpopToken))],
      ['certificate_missing', await behind.send(PATH, undefined, bearer(dpopToken))],
      ['token_unknown', await behind.send(PATH, identity, bearer('x'))],
    ];
    for (const [reason, answer] of cases) {
      expect([reason, answer.status, answer.body['code']]).toEqual([reason, 401, 'token_refused']);
      expect(answer.challenge).toBe(cases[0]?.[1].challenge);
      expect(await behind.reasonOf(answer)).toBe(reason);
    }
    expect(cases[0]?.[1].challenge).toMatch(
      /^DPoP algs="[^"]+", resource_metadata="[^"]+", Bearer error="invalid_token", /,
    );
  });

  it('do not use a bound token with a proof instead, nor is a header worth anything beside one', async () => {
    const token = await behind.tokenOf(mutualTls);
    const answer = await dpop.call(token);
    expect([answer.status, answer.body['code']]).toEqual([401, 'token_refused']);
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^DPoP error="invalid_token".*, Bearer resource_metadata=/,
    );
    const own = await dpop.token();
    expect((await dpop.call(own)).status).toBe(200);
    const proof = { authorization: `DPoP ${own}`, dpop: await dpop.apiProof(own, PATH) };
    const forged = await behind.around('127.0.0.2', PATH, headerOf(mutualTls.identity), { headers: proof });
    expect([forged.status, await behind.reasonOf(forged)]).toEqual([401, 'certificate_untrusted']);
  });

  it('get no token, each time on record', async () => {
    const { id, identity } = mutualTls;
    const expired = selfSigned(Date.now() - 46_800_000);
    const soon = await behind.newClient(selfSigned(Date.now() + 86_400_000));
    const bound = await behind.register('certificate', {
      keys: [(await newAssertionKey('ES256')).publicKey],
    });
    const own = headerOf(identity);
    const cases: readonly (readonly [string, Outcome])[] = [
      ['invalid_client', await behind.send('/oauth/token', undefined, behind.form(id))],
      ['invalid_client', await behind.send('/oauth/token', selfSigned(), behind.form(id))],
      ['certificate_expired', await behind.send('/oauth/token', expired, behind.form(id))],
      ['certificate_expired', await behind.send('/oauth/token', soon.identity, behind.form(soon.id))],
      ['certificate_untrusted', await behind.around('127.0.0.2', '/oauth/token', own, behind.form(id))],
      ['certificate_unreadable', await behind.around('127.0.0.1', '/oauth/token', 'x', behind.form(id))],
      ['invalid_client', await behind.send('/oauth/token', identity, behind.form(bound))],
      ['invalid_client', await behind.send('/oauth/token', identity, behind.form(dpop.clientId))],
      ['invalid_client', await behind.send('/oauth/introspect', undefined, behind.form(id, { token: 'x' }))],
      ['invalid_client', await behind.send('/oauth/revoke', selfSigned(), behind.form(id, { token: 'x' }))],
    ];
    for (const [reason, answer] of cases) {
      expect([reason, answer.status, answer.body['error']]).toEqual([reason, 401, 'invalid_client']);
      expect(await behind.reasonOf(answer)).toBe(reason);
    }
    const proof = await dpop.tokenProof();
    const both = behind.form(id);
    const twice = await behind.send('/oauth/token', identity, {
      ...both,
      headers: { ...both.headers, dpop: proof },
    });
    expect([twice.status, twice.body['error']]).toEqual([400, 'invalid_request']);
  });

  it('an assertion without a certificate gets no token that is bound to nothing', async () => {
    const { key, publicKey } = await newAssertionKey('ES256');
    const clientId = await behind.register('certificate', { keys: [publicKey] });
    const program = Object.assign(dpop.at(dpop.server), { clientId, key });
    const answer = await program.requestToken({ proof: null });
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  });

  it('are registered and renewed by operators, from files of certificates, where certificates count', async () => {
    const settings = { MTLS_URL: behind.terminator.url, TRUSTED_PROXIES: '127.0.0.1' };
    const { agencyId } = await createAgency(sceau);
    const [first, second] = [selfSigned(), selfSigned()];
    const fileOf = async (name: string, text: string): Promise<string> => {
      const file = join(sceau.home, name);
      await writeFile(file, text);
      return file;
    };
    const file = await fileOf('first.pem', `Bag Attributes: none\n${first.certificate}`);
    const renewed = await fileOf('second.pem', second.certificate);
    const client = ['agency', 'client', '--agency', agencyId, '--name', 'RH', '--scopes', 'vacancies:read'];
    const registered = await runCommand(sceau, [...client, '--certificates', file], settings);
    expect(registered).toMatchObject({ code: 0, complaint: '' });
    const id = parseId<ClientId>(registered.out.split(' ').at(-1)?.trim() ?? '');
    if (id === undefined) throw new Error(registered.output);
    const token = await behind.tokenOf({ id, identity: first });
    expect(await behind.send(PATH, first, bearer(token))).toMatchObject({ status: 200 });
    expect(await behind.send('/oauth/token', second, behind.form(id))).toMatchObject({ status: 401 });

    const until = new Date(sceau.clock.now().getTime() + 3_600_000).toISOString();
    const keys = ['agency', 'keys', id, '--until', until, '--certificates', renewed];
    expect(await runCommand(sceau, keys, settings)).toMatchObject({ code: 0, complaint: '' });
    await behind.tokenOf({ id, identity: second });
    await behind.tokenOf({ id, identity: first });

    const key = await fileOf('key.pem', first.key);
    const old = await fileOf('old.pem', selfSigned(Date.now() - 172_800_000).certificate);
    const refusals: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[] = [
      ['This installation takes no certificates', ['--certificates', file], {}],
      ['Name one file: --jwks or --certificates.', [], settings],
      ['Name one file: --jwks or --certificates.', ['--certificates', file, '--jwks', file], settings],
      ['This is no file of PEM certificates.', ['--certificates', key], settings],
      ['The certificate has expired.', ['--certificates', old], settings],
    ];
    for (const [sentence, files, variables] of refusals) {
      const { code, out, complaint } = await runCommand(sceau, [...client, ...files], variables);
      expect([code, out, complaint]).toEqual([1, '', expect.stringContaining(`sceau: ${sentence}`)]);
    }
    expect((await runCommand(sceau, ['agency', 'clients', agencyId])).out).toMatch(/\n2 clients\.\n$/);
  });

  it('lose everything at once when they are suspended, and renew certificates with overlap', async () => {
    const client = await behind.newClient();
    const token = await behind.tokenOf(client);
    const { id } = client;
    const renewed = { id, identity: selfSigned() };
    const until = new Date(sceau.clock.now().getTime() + 3_600_000);
    const changes = sceau.app.get(ClientChanges, { strict: false });
    const jwks = parseCertificates(renewed.identity.certificate);
    await changes.replaceKeys(systemContext(), { id }, { jwks, oldKeysUntil: until });
    await behind.tokenOf(renewed);
    await behind.tokenOf(client);
    expect(await behind.send(PATH, client.identity, bearer(token))).toMatchObject({ status: 200 });
    sceau.clock.advance({ hours: 1 });
    expect(await behind.send('/oauth/token', client.identity, behind.form(id))).toMatchObject({
      status: 401,
    });
    const last = await behind.tokenOf(renewed);
    await sceau.app.get(Clients, { strict: false }).suspend(systemContext(), id);
    expect(await behind.send(PATH, renewed.identity, bearer(last))).toMatchObject({ status: 401 });
    expect(await behind.send('/oauth/token', renewed.identity, behind.form(id))).toMatchObject({
      status: 401,
    });
  });
});
