import { createHash } from 'node:crypto';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { CLIENT_RECORD } from '../../../src/modules/agencies/clients/client-record.js';
import { AgencyGuard, Clients } from '../../../src/modules/agencies/index.js';
import { ClientEntity } from '../../../src/modules/agencies/persistence/client.entity.js';
import { IssuedTokens } from '../../../src/modules/agencies/persistence/issued-tokens.js';
import { TokenStore } from '../../../src/modules/agencies/persistence/token-store.js';
import { StandingRecords } from '../../../src/modules/security-records/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { systemContext } from '../../support/actors.js';
import { refusalsOf } from '../sealing/record-rows.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type AgencyProgram, type Answer, newProgram, refusalOf } from './agency-program.js';

/** Tokens that are found, and yet open nothing. */
describe('a token that is found', () => {
  let sceau: Sceau;
  let program: AgencyProgram;

  beforeAll(async () => {
    sceau = await startSceau();
    program = await newProgram(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  const refused = async (answer: Answer): Promise<(string | undefined)[]> => {
    const entry = await refusalOf(sceau, answer);
    return [String(answer.status), String(answer.body['code']), entry?.reason, entry?.agency];
  };

  /** What the authorization server would never put into a token. */
  const planted = async (changes: object): Promise<string> => {
    const value = crypto.randomUUID().repeat(2).slice(0, 43);
    const genuine = await program.token();
    const store = sceau.app.get(TokenStore, { strict: false });
    const { payload } = (await store.find(genuine)) ?? {};
    const content = { ...payload, ...changes };
    const context = systemContext();
    const client = await sceau.app.get(Clients, { strict: false }).active(context, program.clientId);
    if (client === undefined) throw new Error('The client is active.');
    const token = { value, payload: content, seconds: 300, assertion: undefined, proof: undefined };
    const issued = sceau.app.get(IssuedTokens, { strict: false });
    expect(await issued.add({ context, client, key: undefined }, token)).toMatchObject({ outcome: 'issued' });
    return value;
  };

  it('opens nothing under another value than the one that was issued', async () => {
    const value = 'x'.repeat(43);
    await program.token();
    await sceau.database.query(
      `UPDATE oauth.record SET digest = sha256($1) WHERE id = (SELECT id FROM oauth.record ORDER BY id DESC LIMIT 1)`,
      [Buffer.from(value)],
    );
    expect(await refused(await program.call(value))).toEqual([
      '401',
      'token_refused',
      'token_unknown',
      undefined,
    ]);
  });

  it('opens everything as it is', async () => {
    expect((await program.call(await planted({}))).status).toBe(200);
  });

  it.each([
    ['for another resource', { aud: 'https://other.example/v1' }],
    ['for two resources', { aud: [`https://other.example/v1`, 'https://third.example/v1'] }],
    ['for none', { aud: undefined }],
    ['of another kind', { kind: 'AccessToken' }],
  ])('opens nothing %s', async (_, changes) => {
    const token = await planted(changes);
    expect(await refused(await program.call(token))).toEqual([
      '401',
      'token_refused',
      'wrong_audience',
      program.agencyId,
    ]);
  });

  it.each([
    ['bound to no key', { jkt: undefined }],
    ['bound to another key', { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }],
  ])('opens nothing %s', async (_, changes) => {
    const token = await planted(changes);
    expect(await refused(await program.call(token))).toEqual([
      '401',
      'token_refused',
      'wrong_key',
      program.agencyId,
    ]);
  });

  it('never has more scopes than its client', async () => {
    const token = await planted({ scope: 'vacancies:read vacancies:write webhooks:manage' });
    expect((await program.call(token)).status).toBe(200);
    const answer = await program.get('/v1/agency/vacancies', {
      authorization: `DPoP ${token}`,
      dpop: await program.apiProof(token, '/v1/agency/vacancies'),
    });
    expect(answer.status).toBe(200);
    const path = '/v1/agency/vacancies';
    const response = await fetch(`${program.server}${path}`, {
      method: 'POST',
      headers: {
        authorization: `DPoP ${token}`,
        dpop: await program.apiProof(token, path, {}, 'POST'),
        'content-type': 'application/json',
      },
      body: '{}',
    });
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'forbidden_scope' }),
    ]);
  });

  it('opens nothing after its five minutes', async () => {
    const token = await program.token();
    sceau.clock.advance({ seconds: 299 });
    try {
      const now = Math.floor(sceau.clock.now().getTime() / 1_000);
      expect((await program.call(token, { claims: { iat: now } })).status).toBe(200);
      sceau.clock.advance({ seconds: 2 });
      const late = await program.call(token, { claims: { iat: now } });
      expect(await refused(late)).toEqual(['401', 'token_refused', 'token_unknown', undefined]);
    } finally {
      sceau.clock.advance({ seconds: -301 });
    }
  });

  it('opens nothing of a client that its row was given to, and nothing any more of its own', async () => {
    const other = await newProgram(sceau);
    const token = await program.token();
    await sceau.database.query('UPDATE oauth.record SET client_id = $1 WHERE digest = $2', [
      other.clientId,
      createHash('sha256').update(token).digest(),
    ]);
    expect(await refused(await program.call(token))).toEqual([
      '401',
      'token_refused',
      'client_inactive',
      undefined,
    ]);
  });

  it('opens nothing of a client that was suspended, though somebody puts it back', async () => {
    const suspended = await newProgram(sceau);
    const token = await suspended.token();
    const { database, app } = sceau;
    await database.query('CREATE TABLE kept AS TABLE oauth.record');
    await app.get(Clients, { strict: false }).suspend(systemContext(), suspended.clientId);
    await database.query('INSERT INTO oauth.record SELECT * FROM kept ON CONFLICT DO NOTHING');
    await database.query('DROP TABLE kept');
    expect(await refused(await suspended.call(token))).toEqual([
      '401',
      'token_refused',
      'client_inactive',
      undefined,
    ]);
  });

  it('opens nothing once its client was altered in the database, whoever did it', async () => {
    const altered = await newProgram(sceau);
    const token = await altered.token();
    expect((await altered.call(token)).status).toBe(200);
    await sceau.database.query(`UPDATE agencies.client SET status = 'suspended' WHERE id = $1`, [
      altered.clientId,
    ]);
    expect(await refused(await altered.call(token))).toEqual([
      '401',
      'token_refused',
      'client_inactive',
      undefined,
    ]);
  });
});

describe('a client whose row stands and whose keys do not open', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  it('is refused and alerted', async () => {
    const [program, other] = [await newProgram(sceau), await newProgram(sceau)];
    const token = await program.token();
    const records = sceau.app.get(StandingRecords, { strict: false });
    const database = sceau.app.get(Database, { strict: false });
    // With everything that makes a row the present one, but for the key that its content is sealed under.
    await database.run({ kind: 'system' }, async (manager) => {
      const clients = manager.getRepository(ClientEntity);
      const { metadata } = await clients.findOneByOrFail({ id: other.clientId });
      const own = await clients.findOneByOrFail({ id: program.clientId });
      const stamp = await records.stamp(manager, CLIENT_RECORD, { ...own, metadata });
      await clients.update({ id: own.id }, { metadata, ...stamp });
    });
    expect(await refusalsOf(sceau.database, program.clientId)).toEqual([]);
    expect((await program.call(token)).status).toBe(401);
    expect(await refusalsOf(sceau.database, program.clientId)).toEqual(['refused: forged']);
    expect((await program.requestToken()).body).toMatchObject({ error: 'invalid_client' });
  });
});

describe('a route that names no scope', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  it('is shut to everybody', async () => {
    const forgetful = (): void => undefined;
    const execution = new ExecutionContextHost([{}, {}], Object, forgetful);
    const guard = sceau.app.get(AgencyGuard, { strict: false });
    await expect(guard.canActivate(execution)).rejects.toMatchObject({ code: 'internal_error' });
  });
});
