import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { AgencyClient, type AgencyCredentials } from '../../tools/client/agency.ts';
import { Authenticator } from '../../tools/client/authenticator.ts';
import { PersonClient } from '../../tools/client/person.ts';
import type { AgencyScope, RequestContext, SystemActor } from '../../src/kernel/context.js';
import { type AgencyId, type ClientId, newId } from '../../src/kernel/ids.js';
import { Agencies, type AgencyMode, AGENCY_SCOPES, Clients } from '../../src/modules/agencies/index.js';
import type { Reachable } from './sceau.js';

export interface CandidateActor {
  readonly client: PersonClient;
  readonly email: string;
  readonly password: string;
  readonly authenticator: Authenticator;
  readonly recoveryCodes: readonly string[];
}

export interface AgencyActor {
  readonly client: AgencyClient;
  readonly agencyId: AgencyId;
  readonly clientId: ClientId;
  readonly credentials: AgencyCredentials;
}

export const systemContext = (): RequestContext<SystemActor> => ({
  requestId: newId<'request'>(Date.now()),
  actor: { kind: 'system', name: 'test' },
  locale: 'fr',
  address: '127.0.0.1',
});

const PASSWORD = 'quatre chevaux bleus sur la digue';

/** Signs a new candidate up through the API, as a person would, and leaves them signed in. */
export async function signUpCandidate(
  sceau: Reachable,
  email = `candidat.${randomBytes(6).toString('hex')}@example.fr`,
): Promise<CandidateActor> {
  const client = new PersonClient(sceau.url);
  await client.request('/v1/registrations', { body: { email, password: PASSWORD, locale: 'fr' } });
  const mail = await sceau.mailTo(email);
  const token = /^[\w-]{40,}$/m.exec(mail.text)?.[0];
  const confirmed = await client.request('/v1/registrations/confirm', { body: { token } });
  const { ticket } = record(confirmed.body);
  const offered = await client.request('/v1/totp/enrolments', { body: { ticket } });
  if (offered.status !== 200) throw new Error(`Nobody signs up: ${confirmed.status}, ${offered.status}`);
  const enrolment = record(offered.body);
  const authenticator = new Authenticator(String(enrolment['secret']));
  // The step before the present one, so that the present one's code is still good for signing in.
  const enrol = async () =>
    client.request('/v1/totp/enrolments/confirm', {
      body: {
        ticket,
        code: await authenticator.code(sceau.clock.now().getTime() - 30_000),
        transport: 'token',
      },
    });
  const first = await enrol();
  // A step may end while its code is on the way: then the next one's is right.
  const active = first.status === 401 ? await enrol() : first;
  const { session, recoveryCodes } = record(active.body);
  client.useToken(String(record(session)['token']));
  return {
    client,
    email,
    password: PASSWORD,
    authenticator,
    recoveryCodes: Array.isArray(recoveryCodes) ? recoveryCodes.map(String) : [],
  };
}

/** An agency with one client that holds an access token. */
export async function createAgency(
  sceau: Reachable,
  name = 'Ministère de la Culture',
  scopes: readonly AgencyScope[] = AGENCY_SCOPES,
  mode: AgencyMode = 'live',
): Promise<AgencyActor> {
  const agency = await sceau.app.get(Agencies, { strict: false }).create(systemContext(), { name, mode });
  const { privateKey, publicKey } = await newClientKey();
  const client = await sceau.app
    .get(Clients, { strict: false })
    .create(systemContext(), agency.id, { name: 'Test', jwks: { keys: [publicKey] }, scopes: [...scopes] });
  const credentials = { clientId: client.id, privateKey };
  const connected = await AgencyClient.connect(sceau.url, credentials);
  await connected.authorise(scopes);
  return { client: connected, agencyId: agency.id, clientId: client.id, credentials };
}

/** A key pair for `private_key_jwt`: the private half with what a client library wants to know of it. */
async function newClientKey(): Promise<{
  privateKey: JWK & { alg: string; kid: string };
  publicKey: JWK;
}> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const named = { alg: 'ES256', kid: randomBytes(8).toString('hex'), use: 'sig' };
  return {
    privateKey: { ...(await exportJWK(pair.privateKey)), ...named },
    publicKey: { ...(await exportJWK(pair.publicKey)), ...named },
  };
}

export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('The answer is not an object.');
  return Object.fromEntries(Object.entries(value));
}
