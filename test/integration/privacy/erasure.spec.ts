import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { spyOn } from 'jest-mock';
import { type CandidateId, parseId } from '../../../src/kernel/ids.js';
import { PersonalData } from '../../../src/modules/personal-data/index.js';
import { CandidateErasures, Erasures, ErasureWork } from '../../../src/modules/privacy/index.js';
import { SubjectKeys } from '../../../src/sealing/index.js';
import type { RequestOptions } from '../../../tools/client/exchange.ts';
import { freePort } from '../../../tools/free-port.ts';
import { type CandidateActor, record, signUpCandidate, systemContext } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { unzip } from '../../support/zip.js';
import { entriesOf, newestAccount, service } from '../identity/fixture.js';
import { stepUp } from '../identity/person.js';
import { STAYS_FOR_NOW, tablesWith } from './holdings.js';

const DYING = join(import.meta.dirname, '../../support/dying-process.mjs');
const UNKNOWN = '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b';

describe('an erasure', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  /** A process that dies once what has this statement is committed. */
  async function dying(script: string, statement: string): Promise<{ url: string; end: Promise<unknown> }> {
    const port = await freePort();
    const settings = JSON.stringify({ ...sceau.settings, http: { ...sceau.settings.http, port } });
    const child = fork(DYING, [settings, script, statement, 'committed'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    const end = once(child, 'exit').then(([, signal]: unknown[]) => signal);
    await Promise.race([once(child, 'message'), end]);
    return { url: `http://127.0.0.1:${port}`, end };
  }

  async function newestCandidate(): Promise<CandidateId> {
    const id = parseId<CandidateId>(await newestAccount(sceau));
    if (id === undefined) throw new Error('There is no candidate.');
    return id;
  }

  it('comes to its end also when the keys cannot be destroyed at first, and when the worker fails on the way', async () => {
    const victim = await signUpCandidate(sceau);
    const id = await newestCandidate();
    let failures = 0;
    sceau.worker.get(PersonalData, { strict: false }).add({
      name: 'faulty',
      tables: [],
      given: [],
      withheld: [],
      async *files() {
        // Nothing.
      },
      erase: () => {
        failures += 1;
        return failures > 1 ? Promise.resolve() : Promise.reject(new Error('as if killed'));
      },
    });
    const keys = service(sceau, SubjectKeys);
    const destroy = spyOn(keys, 'destroy').mockRejectedValueOnce(new Error('as if killed'));
    await stepUp(sceau, victim);
    expect((await victim.client.request('/v1/me', { method: 'DELETE' })).status).toBe(500);
    destroy.mockRestore();
    expect((await victim.client.request('/v1/me/profile')).status).toBe(401);
    await eventually('the second try', async () => {
      const [row] = await sceau.database.query(
        'SELECT FROM privacy.erasure WHERE candidate_id = $1 AND emptied_at IS NOT NULL',
        [id],
      );
      return row;
    });
    expect(failures).toBeGreaterThanOrEqual(2);
    expect(await sceau.database.query('SELECT FROM keys.subject_key WHERE subject_id = $1', [id])).toEqual(
      [],
    );
    expect(
      await sceau.database.query('SELECT reason FROM keys.tombstone WHERE subject_id = $1', [id]),
    ).toEqual([{ reason: 'erased' }]);
  });

  it('is one, however many ask at the same moment', async () => {
    const victim = await signUpCandidate(sceau);
    const id = await newestCandidate();
    const erasures = service(sceau, Erasures);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 3 }, () => erasures.begin(systemContext(), id, 'operator')),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const mail = await sceau.mailTo(victim.email, /effacés/);
    expect(mail.text).toContain('par courrier');
  });

  describe('for a letter, at the command line', () => {
    let email: string;
    let candidate: CandidateId;

    beforeAll(async () => {
      ({ email } = await signUpCandidate(sceau));
      candidate = await newestCandidate();
    }, 60_000);

    const accountsOf = (id: CandidateId) =>
      sceau.database.query('SELECT FROM identity.account WHERE id = $1', [id]);
    const erase = (...args: readonly string[]) =>
      runCommand(sceau, ['candidate', 'erase', ...args], { LEDGER_ORIGIN: sceau.settings.ledger.origin });

    it('says first what there is, and erases nothing', async () => {
      const { code, out } = await erase(email);
      expect([code, out]).toEqual([0, expect.stringContaining(`--confirm ${candidate}`)]);
      expect(out).toMatch(/identity\.account +1\n/);
      const entries = await entriesOf(sceau, 'candidate.looked_up');
      expect(entries.map(({ resource }) => resource.id)).toEqual([candidate]);
      expect(await accountsOf(candidate)).toHaveLength(1);
    });

    it('knows nobody by another name, and takes no other confirmation', async () => {
      const [staff] = await sceau.database.query<{ id: string }>(
        'SELECT reference::text AS id FROM audit.subject_reference WHERE candidate_id = $1',
        [candidate],
      );
      const pseudonym = staff?.id ?? '';
      const erasures = service(sceau, CandidateErasures);
      for (const named of ['personne@example.fr', UNKNOWN, 'Camille', UNKNOWN.replace('7', '4')])
        await expect(erasures.lookUp(systemContext(), named)).rejects.toMatchObject({ code: 'not_found' });
      const mistaken = erasures.erase(systemContext(), pseudonym, UNKNOWN);
      await expect(mistaken).rejects.toMatchObject({ code: 'conflict' });
      expect(await accountsOf(candidate)).toHaveLength(1);
      const { code, out } = await erase(pseudonym, '--confirm', candidate);
      expect([code, out]).toEqual([0, expect.stringContaining('Backups of the keys persist for 7 days.')]);
      expect(await accountsOf(candidate)).toEqual([]);
    });
  });

  describe('is not the only choice: consents', () => {
    let person: CandidateActor;

    beforeAll(async () => {
      person = await signUpCandidate(sceau);
    }, 60_000);

    const consents = async (options: RequestOptions = {}): Promise<readonly Record<string, unknown>[]> => {
      const { body } = await person.client.request('/v1/me/consents', options);
      const { items } = record(body);
      return Array.isArray(items) ? items.map(record) : [];
    };
    const agree = (...purposes: readonly string[]) =>
      consents({ method: 'PUT', body: { agreements: purposes.map((purpose) => ({ purpose, version: 1 })) } });
    const given = (all: readonly Record<string, unknown>[]) =>
      all.flatMap(({ purpose, given: isGiven }) => (isGiven === true ? [purpose] : []));
    const rows = async () => {
      const [row] = await sceau.database.query<{ count: number }>(
        'SELECT count(*)::integer AS count FROM privacy.consent',
      );
      return row?.count;
    };

    it('are no until they are given, and are withdrawn by leaving them out', async () => {
      const all = await consents();
      expect(all.map(({ purpose }) => purpose)).toEqual(['similar_vacancies', 'talent_pool']);
      expect([given(all), all.map(({ decidedAt }) => decidedAt)]).toEqual([[], [null, null]]);
      expect(given(await agree('talent_pool'))).toEqual(['talent_pool']);
      expect(given(await agree('talent_pool', 'similar_vacancies'))).toHaveLength(2);
      expect(given(await agree('talent_pool', 'similar_vacancies'))).toHaveLength(2);
      expect(given(await agree())).toEqual([]);
      expect(given(await consents())).toEqual([]);
      // Two given, two withdrawn: what was repeated left no trace.
      expect(await rows()).toBe(4);
    });

    it('are put in the language of the request, and every decision is in the export', async () => {
      const english = await consents({ headers: { 'accept-language': 'en' } });
      expect(english[0]?.['wording']).toMatch(/^I agree to receive/);
      const { content } = await person.client.download('/v1/me/export');
      const decisions: unknown = JSON.parse((await unzip(content)).get('consents.json')?.toString() ?? '');
      expect(decisions).toMatchObject([
        { purpose: 'talent_pool', given: true, version: 1, wording: expect.stringMatching(/^J’accepte que/) },
        { purpose: 'similar_vacancies', given: true },
        { given: false },
        { given: false, at: expect.any(String) },
      ]);
    });

    it.each([
      ['another wording', [{ purpose: 'talent_pool', version: 2 }]],
      ['a purpose twice', [1, 1].map((version) => ({ purpose: 'talent_pool', version }))],
      ['a purpose that there is not', [{ purpose: 'everything', version: 1 }]],
    ])('refuse %s and change nothing', async (_, agreements) => {
      const before = await rows();
      const body = { agreements };
      const answer = await person.client.request('/v1/me/consents', { method: 'PUT', body });
      expect([answer.status, record(answer.body)['code']]).toEqual([expect.any(Number), 'invalid_request']);
      expect(await rows()).toBe(before);
    });
  });

  it('is whole in the end when the API is killed between its two halves, and then the worker in the middle of its own', async () => {
    const victim = await signUpCandidate(sceau);
    const id = await newestCandidate();
    const body = { identity: { givenName: 'Nolwenn', familyName: 'Le Goff' } };
    await victim.client.request('/v1/me/profile', { method: 'PUT', body, headers: { 'if-match': '"r0"' } });
    await victim.client.request('/v1/me/profile/languages', { body: { language: 'br', level: 'B2' } });
    await stepUp(sceau, victim);
    await sceau.worker.close();
    const api = await dying('api-process.mjs', 'INSERT INTO "privacy"."erasure"');
    const asked = victim.client.at(api.url).request('/v1/me', { method: 'DELETE' });
    await expect(asked).rejects.toThrow('fetch failed');
    expect(await api.end).toBe('SIGKILL');
    expect((await victim.client.request('/v1/me')).status).toBe(401);
    const halfway = await tablesWith(sceau, id);
    expect(halfway).not.toContain('identity.account');
    expect(halfway).toEqual(
      expect.arrayContaining(['candidates.profile', 'keys.subject_key', 'privacy.erasure']),
    );

    const worker = await dying('worker-process.mjs', 'DELETE FROM "candidates"."profile"');
    expect(await worker.end).toBe('SIGKILL');
    expect(await tablesWith(sceau, id)).not.toContain('keys.subject_key');
    const [begun] = await sceau.database.query(
      'SELECT emptied_at AS "emptiedAt" FROM privacy.erasure WHERE candidate_id = $1',
      [id],
    );
    expect(begun).toEqual({ emptiedAt: null });

    await service(sceau, ErasureWork).complete();
    const tables = await tablesWith(sceau, id);
    // Until a worker signs the ledger again its entries wait.
    const stays = [...STAYS_FOR_NOW, 'audit.staging'];
    expect(tables.filter((table) => !stays.includes(table.replace(/_\d{4}_\d{2}$/, '')))).toEqual([]);
  });
});
