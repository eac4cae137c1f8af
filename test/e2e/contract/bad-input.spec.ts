import type { OpenAPIObject } from '@nestjs/swagger';
import { newId } from '../../../src/kernel/ids.js';
import type { AgencyClient } from '../../../tools/client/agency.ts';
import type { RequestOptions } from '../../../tools/client/exchange.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { createAgency, record, signUpCandidate } from '../../support/actors.js';
import { signInStaff } from '../../support/staff.js';
import { atRest, fingerprint } from '../../support/fingerprint.js';
import { type Operation, operationsOf } from '../../support/operations.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

/**
 * Every route of the contract, found there and not listed here, against every kind of bad input.
 * A new route is covered by existing.
 */
describe('bad input', () => {
  let sceau: Sceau;
  let operations: readonly Operation[];
  let anonymous: PersonClient;
  const callers = new Map<string, PersonClient | AgencyClient>();

  beforeAll(async () => {
    sceau = await startSceau();
    anonymous = new PersonClient(sceau.url);
    const contract: OpenAPIObject = JSON.parse(
      JSON.stringify((await anonymous.request('/openapi.json')).body),
    );
    operations = operationsOf(contract);
    callers.set('candidate', (await signUpCandidate(sceau)).client);
    callers.set('auditor', await signInStaff(sceau, 'auditor'));
    callers.set('operator', await signInStaff(sceau, 'operator'));
    callers.set('agency', (await createAgency(sceau)).client);
    await atRest(sceau.database);
  }, 60_000);

  afterAll(() => sceau.stop());

  const callerOf = (operation: Operation): PersonClient | AgencyClient =>
    callers.get(operation.audience === 'person' ? 'candidate' : operation.audience) ?? anonymous;

  const some = (choose: (operation: Operation) => boolean): readonly Operation[] => {
    const chosen = operations.filter(choose);
    expect(chosen.length).toBeGreaterThan(0);
    return chosen;
  };

  const headersFor = (operation: Operation): Record<string, string> => ({
    ...(operation.headers.includes('If-Match') ? { 'if-match': '"r1"' } : {}),
    ...(operation.headers.includes('Idempotency-Key') ? { 'idempotency-key': newId(Date.now()) } : {}),
    ...(operation.headers.includes('Purpose') ? { purpose: 'review' } : {}),
  });

  /** Sends the same bad request to many routes; none may accept it and nothing may change. */
  async function refused(
    chosen: readonly Operation[],
    build: (operation: Operation) => {
      path?: string;
      options?: RequestOptions;
      raw?: string;
      client?: PersonClient | AgencyClient;
      /** A header that the route wants and does not get. */
      without?: string;
    },
    allowed: readonly string[],
  ): Promise<void> {
    const before = await fingerprint(sceau.database);
    const wrong: string[] = [];
    for (const operation of chosen) {
      const {
        path = operation.sample(newId(Date.now())),
        options = {},
        raw,
        client = callerOf(operation),
        without,
      } = build(operation);
      const headers = Object.entries({ ...headersFor(operation), ...options.headers });
      const answer = await client.request(path, {
        ...options,
        method: operation.method,
        headers: Object.fromEntries(headers.filter(([name]) => name !== without)),
        ...(raw === undefined ? {} : { raw }),
      });
      const seen = `${answer.status} ${String(answer.status >= 400 ? record(answer.body)['code'] : '')}`;
      if (!allowed.includes(seen)) wrong.push(`${operation.method} ${operation.path}: ${seen}`);
    }
    expect(wrong).toEqual([]);
    expect(await fingerprint(sceau.database)).toEqual(before);
  }

  const json = { 'content-type': 'application/json' };

  it('malformed JSON is 400 on every route with a body', () =>
    refused(
      some((o) => o.hasBody),
      () => ({ raw: '{"a":', options: { headers: json } }),
      ['400 malformed_request'],
    ));

  it('no body at all is 400, whatever its type', async () => {
    for (const headers of [json, {}]) {
      await refused(
        some((o) => o.hasBody),
        () => ({ raw: '', options: { headers: { 'if-match': '"r0"', ...headers } } }),
        ['400 malformed_request', '415 unsupported_media_type'],
      );
    }
  });

  it('a list instead of an object is 400', () =>
    refused(
      some((o) => o.hasBody),
      () => ({ options: { body: [] } }),
      ['400 malformed_request'],
    ));

  it('unknown members are 400, and all are unknown where no body is taken', () =>
    refused(
      some((o) => o.method !== 'GET' && !o.hasForm),
      () => ({ options: { body: { isAdmin: true } } }),
      ['400 unknown_member'],
    ));

  it('wrong types are 422', () =>
    refused(
      some((o) => o.hasBody && o.bodyMembers.length > 0),
      (operation) => ({
        options: { body: Object.fromEntries(operation.bodyMembers.map((name) => [name, { $gt: '' }])) },
      }),
      ['422 invalid_request', '400 unknown_member'],
    ));

  it('a member that every object has is as unknown as any other', () =>
    refused(
      some((o) => o.hasBody),
      () => ({ options: { body: { hasOwnProperty: 1 } } }),
      ['400 unknown_member'],
    ));

  it('nesting without end is 400', () =>
    refused(
      some((o) => o.hasBody),
      ({ bodyMembers: [member = 'a'] }) => ({
        raw: `{"${member}":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
        options: { headers: json },
      }),
      ['400 malformed_request'],
    ));

  it('an oversized body is 413', () =>
    refused(
      some((o) => o.hasBody),
      () => ({ options: { body: { text: 'a'.repeat(300_000) } } }),
      ['413 payload_too_large'],
    ));

  it('another content type is 415', () =>
    refused(
      some((o) => o.hasBody),
      () => ({ raw: '<a/>', options: { headers: { 'content-type': 'application/xml' } } }),
      ['415 unsupported_media_type'],
    ));

  it('another charset or a compressed body is 415', async () => {
    for (const headers of [
      { 'content-type': 'application/json; charset=utf-16' },
      { ...json, 'content-encoding': 'gzip' },
    ]) {
      await refused(
        some((o) => o.hasBody),
        () => ({ raw: '{}', options: { headers } }),
        ['415 unsupported_media_type'],
      );
    }
  });

  it('a malformed id is the same 404 as an unknown one', async () => {
    const chosen = some((o) => o.hasId && !o.hasBody);
    for (const id of [
      '42',
      '%00',
      "1'%20OR%20'1'='1",
      'a'.repeat(2_000),
      '00000000-0000-4000-8000-000000000000',
      newId(Date.now()),
    ]) {
      await refused(chosen, (operation) => ({ path: operation.sample(id) }), [
        '404 not_found',
        '412 precondition_failed',
      ]);
    }
  });

  it('one malformed id among many is 422, an unknown one is named', async () => {
    const path = '/v1/agency/applications/disclosures';
    const unknown = newId(Date.now());
    await refused(
      some((o) => o.path === path),
      () => ({ options: { body: { ids: [unknown, '42'], purpose: 'review' } } }),
      ['422 invalid_request'],
    );
    const agency = callers.get('agency') ?? anonymous;
    const answer = await agency.request(path, { body: { ids: [unknown], purpose: 'review' } });
    expect(answer.body).toEqual({ items: [{ id: unknown, refusal: 'not_found' }] });
  });

  it('bad paging and unknown parameters are 400', async () => {
    const lists = some((o) => o.query.includes('cursor'));
    for (const query of ['limit=0', 'limit=101', 'limit=ten', 'limit=1&limit=2', 'cursor=', 'sort=name']) {
      await refused(lists, (operation) => ({ path: `${operation.sample(newId(Date.now()))}?${query}` }), [
        '400 invalid_query',
        '400 unknown_member',
      ]);
    }
  });

  it('dates that no calendar or database knows are 400', async () => {
    const moments = ['0000-01-01T00:00:00Z', '2026-01-01T00:00:00%2B23:59', '2026-02-30T00:00:00Z'];
    for (const value of ['0000-01-01', '2026-02-30', ...moments]) {
      await refused(
        some((o) => o.dates.length > 0),
        (operation) => ({
          path: `${operation.path}?${operation.dates.map((name) => `${name}=${value}`).join('&')}`,
        }),
        ['400 invalid_query'],
      );
    }
  });

  it('a forged cursor is 400', () =>
    refused(
      some((o) => o.query.includes('cursor') && !o.hasId),
      (operation) => ({ path: `${operation.path}?cursor=WyIxIl0.AAAAAAAAAAAAAAAAAAAAAA` }),
      ['400 invalid_cursor'],
    ));

  it('a missing If-Match is 428, a stale one 412', async () => {
    const conditional = some((o) => o.headers.includes('If-Match'));
    await refused(
      conditional,
      (operation) => ({
        without: 'if-match',
        options: operation.hasBody ? { body: {} } : {},
      }),
      ['428 precondition_required'],
    );
    await refused(
      some((o) => o.path === '/v1/me/profile' && o.headers.includes('If-Match')),
      () => ({ options: { body: { preferences: null }, headers: { 'if-match': '"r7"' } } }),
      ['412 precondition_failed'],
    );
  });

  it('no credential is 401 wherever one is needed', () =>
    refused(
      some((o) => o.audience !== 'anyone'),
      () => ({ client: anonymous }),
      ['401 unauthenticated', '401 token_refused'],
    ));

  it('a foreign or made-up credential is refused', async () => {
    const stranger = new PersonClient(sceau.url);
    stranger.useToken('A'.repeat(43));
    await refused(
      some((o) => o.audience !== 'anyone'),
      () => ({ client: stranger }),
      ['401 unauthenticated', '401 token_refused'],
    );
    const candidate = callers.get('candidate') ?? anonymous;
    await refused(
      some((o) => o.audience === 'auditor' || o.audience === 'operator'),
      () => ({ client: candidate }),
      ['403 forbidden_role'],
    );
    await refused(
      some((o) => o.audience === 'agency'),
      () => ({ client: candidate }),
      ['401 token_refused'],
    );
    const auditor = callers.get('auditor') ?? anonymous;
    await refused(
      some((o) => o.audience === 'candidate'),
      () => ({ client: auditor }),
      ['403 forbidden_role'],
    );
  });

  it('a wrong method is 405 and names the right ones', async () => {
    for (const path of new Set(operations.map((operation) => operation.sample(newId(Date.now()))))) {
      const answer = await anonymous.request(path, { method: 'PROPFIND' });
      expect([405, 404]).toContain(answer.status);
    }
  });

  it('an expired session is 401', async () => {
    const { client } = await signUpCandidate(sceau);
    sceau.clock.advance({ minutes: 31 });
    const answer = await client.request('/v1/me/profile');
    expect([answer.status, record(answer.body)['code']]).toEqual([401, 'unauthenticated']);
  });
});
