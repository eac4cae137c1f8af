import { type Sceau, startSceau } from '../../support/sceau.js';
import { accessTokenHash, jws, jwsKey } from '../../support/jws.js';
import {
  type AgencyProgram,
  type Answer,
  newProgram,
  newProofKey,
  type ProofChanges,
  refusalOf,
} from './agency-program.js';

const PATH = '/v1/agency/vacancies';

let sceau: Sceau;
let program: AgencyProgram;
let other: AgencyProgram;
let token: string;
let foreign: string;

beforeAll(async () => {
  sceau = await startSceau();
  program = await newProgram(sceau);
  other = await newProgram(sceau);
  token = await program.token();
  foreign = await other.token();
}, 60_000);

afterAll(() => sceau.stop());

/** RFC 9449 §7.1, RFC 9728 §5.1: one challenge with the scheme, what is wrong, and where to read on. */
function expectChallenge({ status, headers, body }: Answer, error?: string): void {
  const parameters = [
    ...(error === undefined ? [] : [`error="${error}"`]),
    'algs="ES256 PS256 EdDSA Ed25519"',
    `resource_metadata="${sceau.url}/.well-known/oauth-protected-resource/v1"`,
  ];
  expect(headers.get('www-authenticate')).toBe(`DPoP ${parameters.join(', ')}`);
  expect(headers.get('dpop-nonce')).toMatch(/^[\w-]{22}$/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(status).toBe(401);
  // One answer for every cause: what the ledger holds is not for the caller.
  expect(body).toMatchObject({ code: 'token_refused', status: 401 });
  expect(Object.keys(body).toSorted()).toEqual(['code', 'instance', 'requestId', 'status', 'title', 'type']);
}

const changed = (changes: ProofChanges) => (): Promise<Answer> => program.call(token, changes);

const sent =
  (headers: () => Promise<Record<string, string>>, path = PATH) =>
  async (): Promise<Answer> =>
    program.get(path, await headers());

/** A proof by hand, for what no library would sign. */
async function byHand(alg: string): Promise<string> {
  const key = jwsKey(alg);
  const content = {
    jti: crypto.randomUUID(),
    htm: 'GET',
    htu: `${sceau.url}${PATH}`,
    iat: Math.floor(Date.now() / 1_000),
    ath: accessTokenHash(token),
    nonce: await program.apiNonce(),
  };
  return jws({ typ: 'dpop+jwt', alg, jwk: key.publicJwk }, content, key);
}

type Row = [why: string, error: string, reason: string, request: () => Promise<Answer>];

const proven = async (scheme: string): Promise<Record<string, string>> => ({
  authorization: `${scheme} ${token}`,
  dpop: await program.apiProof(token, PATH),
});

const ROWS: readonly Row[] = [
  [
    'as a bearer token',
    'invalid_token',
    'wrong_scheme',
    sent(async () => ({ authorization: `Bearer ${token}` })),
  ],
  ['as a bearer token with a right proof', 'invalid_token', 'wrong_scheme', sent(() => proven('Bearer'))],
  ['by another scheme', 'invalid_token', 'wrong_scheme', sent(() => proven('Basic'))],
  ['without a scheme', 'invalid_token', 'wrong_scheme', sent(async () => ({ authorization: token }))],
  [
    'with what cannot be a token',
    'invalid_token',
    'wrong_scheme',
    sent(async () => ({ authorization: 'DPoP a b' })),
  ],
  [
    'with a token that was never issued',
    'invalid_token',
    'token_unknown',
    () => program.call('x'.repeat(43)),
  ],
  [
    'without a proof',
    'invalid_dpop_proof',
    'proof_missing',
    sent(async () => ({ authorization: `DPoP ${token}` })),
  ],
  [
    'with an empty proof',
    'invalid_dpop_proof',
    'proof_malformed',
    sent(async () => ({ authorization: `DPoP ${token}`, dpop: '' })),
  ],
  [
    'with two proofs',
    'invalid_dpop_proof',
    'proof_malformed',
    sent(async () => {
      const [one, two] = [await program.apiProof(token, PATH), await program.apiProof(token, PATH)];
      return { authorization: `DPoP ${token}`, dpop: `${one}, ${two}` };
    }),
  ],
  ['with another type', 'invalid_dpop_proof', 'proof_malformed', changed({ header: { typ: 'JWT' } })],
  ...['RS256', 'HS256', 'ES384', 'none'].map((alg): Row => [
    `with the algorithm ${alg}`,
    'invalid_dpop_proof',
    'proof_malformed',
    sent(async () => ({ authorization: `DPoP ${token}`, dpop: await byHand(alg) })),
  ]),
  [
    'with a signature of another key',
    'invalid_dpop_proof',
    'proof_malformed',
    async () => program.call(token, { signedWith: await newProofKey() }),
  ],
  ['without an identifier', 'invalid_dpop_proof', 'proof_identifier', changed({ claims: { jti: '' } })],
  ['for another method', 'invalid_dpop_proof', 'proof_method', changed({ claims: { htm: 'POST' } })],
  [
    'for another address',
    'invalid_dpop_proof',
    'proof_url',
    changed({ claims: { htu: 'https://x.example' } }),
  ],
  ['of another time', 'invalid_dpop_proof', 'proof_time', changed({ claims: { iat: 1_700_000_000 } })],
  [
    'for another token',
    'invalid_dpop_proof',
    'proof_token',
    changed({ claims: { ath: accessTokenHash('x') } }),
  ],
  ['for no token', 'invalid_dpop_proof', 'proof_token', changed({ claims: { ath: undefined } })],
  [
    'with a right proof of another key',
    'invalid_token',
    'wrong_key',
    async () => program.call(token, { key: await newProofKey() }),
  ],
  ['with the token of another client', 'invalid_token', 'wrong_key', () => program.call(foreign)],
];

describe('an agency’s request is refused', () => {
  it.each(ROWS)('%s: %s in the answer, %s in the ledger', async (_, error, reason, request) => {
    const answer = await request();
    expectChallenge(answer, error);
    expect(await refusalOf(sceau, answer)).toMatchObject({
      outcome: 'refused',
      reason,
      actor: { kind: 'anonymous' },
    });
  });

  it('with the token in the address or in the body, where nobody looks', async () => {
    const dpop = await program.apiProof(token, PATH);
    const answer = await program.get(`${PATH}?access_token=${token}`, { dpop });
    expectChallenge(answer);
    const form = new URLSearchParams({ access_token: token });
    for (const [body, status] of [
      [JSON.stringify({ access_token: token }), 401],
      [form, 415],
    ] as const) {
      const headers = { dpop, ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}) };
      const response = await fetch(`${program.server}${PATH}`, { method: 'POST', headers, body });
      expect(response.status).toBe(status);
      await response.arrayBuffer();
    }
  });

  it('without credentials: told where to get some, and nothing to record', async () => {
    const answer = await program.get(PATH, {});
    expectChallenge(answer);
    expect(await refusalOf(sceau, answer)).toBeUndefined();
  });

  it('the second time that a proof is shown', async () => {
    const headers = await proven('DPoP');
    expect((await program.get(PATH, headers)).status).toBe(200);
    const again = await program.get(PATH, headers);
    expectChallenge(again, 'invalid_dpop_proof');
    expect(await refusalOf(sceau, again)).toMatchObject({
      reason: 'proof_replayed',
      agency: program.agencyId,
    });
  });

  it('with a stolen token, which uses up nothing of whom it was stolen from', async () => {
    const claims = { jti: crypto.randomUUID() };
    const stolen = await program.call(token, { key: await newProofKey(), claims });
    expect(await refusalOf(sceau, stolen)).toMatchObject({ reason: 'wrong_key' });
    expect((await program.call(token, { claims })).status).toBe(200);
  });

  it('for a scope that the client has not, and told which (RFC 6750 §3.1)', async () => {
    const { status, body, headers, ...rest } = await program.call(token, {}, '/v1/agency/applications');
    expect([status, body['code']]).toEqual([403, 'forbidden_scope']);
    expect(headers.get('www-authenticate')).toMatch(
      /^DPoP error="insufficient_scope", scope="applications:read", algs="[^"]+", resource_metadata="[^"]+"$/,
    );
    expect(await refusalOf(sceau, { status, body, headers, ...rest })).toMatchObject({
      reason: 'insufficient_scope',
      actor: { kind: 'agency', id: program.clientId },
    });
  });
});

describe('the nonce of the API', () => {
  it.each<[string, () => Promise<string | undefined>]>([
    ['is asked for', async () => undefined],
    ['is none that was made up', async () => 'x'.repeat(22)],
    ['is not that of the authorization server', () => program.tokenNonce()],
    ['is not empty', async () => ''],
  ])('%s, which is no event', async (_, nonce) => {
    const claims = { ath: accessTokenHash(token), nonce: await nonce() };
    const dpop = await program.proof('GET', PATH, { claims });
    const answer = await program.get(PATH, { authorization: `DPoP ${token}`, dpop });
    expectChallenge(answer, 'use_dpop_nonce');
    expect(await refusalOf(sceau, answer)).toBeUndefined();
    // It takes no more than the nonce of that very answer.
    const next = { ath: accessTokenHash(token), nonce: answer.headers.get('dpop-nonce') ?? '' };
    const right = await program.proof('GET', PATH, { claims: next });
    expect((await program.get(PATH, { authorization: `DPoP ${token}`, dpop: right })).status).toBe(200);
  });

  it('is old after four minutes, and every answer brings one in time', async () => {
    const headers = await program.call(token).then((answer) => answer.headers);
    const nonce = headers.get('dpop-nonce') ?? '';
    expect((await program.call(token, { claims: { nonce } })).status).toBe(200);
    sceau.clock.advance({ seconds: 241 });
    try {
      const stale = await program.call(token, { claims: { nonce } });
      expectChallenge(stale, 'use_dpop_nonce');
    } finally {
      sceau.clock.advance({ seconds: -241 });
    }
  });
});

describe('a right request', () => {
  it.each(['dpop', 'DPOP', 'DPoP'])('names its scheme in any letters (%s)', async (scheme) => {
    expect((await program.get(PATH, await proven(scheme))).status).toBe(200);
  });

  it('is answered after all that was refused', async () => {
    expect((await program.call(token)).status).toBe(200);
  });
});
