import { createHash } from 'node:crypto';
import type { PlaceName } from '../../../src/sealing/index.js';
import { PersonalData, type PersonalDataSource } from '../../../src/modules/personal-data/index.js';
import { LABELS } from '../../../src/modules/privacy/export/readable/labels.js';
import { ErasureWork } from '../../../src/modules/privacy/index.js';
import { PLACES } from '../../../src/sealing/places.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Populated, type PopulatedCandidate, startPopulated } from '../../support/populated.js';
import type { Sceau } from '../../support/sceau.js';
import { unzip } from '../../support/zip.js';
import { service } from '../identity/fixture.js';
import { signIn, stepUp } from '../identity/person.js';
import { valuesOf } from '../sealing/sealed-values.js';
import {
  idOf,
  lastingValuesOf,
  leavesOf,
  NOBODYS,
  NOT_CANDIDATES,
  personalTables,
  rowsAtOnce,
  sealedBytesOf,
  STAYS,
  STAYS_FOR_NOW,
  tablesWith,
  tablesWithAny,
  toldOf,
} from './holdings.js';

describe('all that is held about a candidate', () => {
  let populated: Populated;
  let sceau: Sceau;
  let person: PopulatedCandidate;
  let other: PopulatedCandidate;
  let sources: readonly PersonalDataSource[];
  let files: ReadonlyMap<string, Buffer>;
  let requestId: string;

  beforeAll(async () => {
    populated = await startPopulated();
    ({ sceau } = populated);
    [person, other] = populated.candidates;
    ({ sources } = service(sceau, PersonalData));
    await stepUp(sceau, person.actor);
    const download = await person.actor.client.download('/v1/me/export');
    if (download.status !== 200) throw new Error(`There is no archive: ${download.status}`);
    requestId = download.headers.get('x-request-id') ?? '';
    files = await unzip(download.content);
  }, 120_000);

  afterAll(() => sceau.stop());

  const text = (path: string): string => files.get(path)?.toString() ?? '';
  const everything = (): string => [...files.keys()].map(text).join('\n');

  describe('is known to the product as such', () => {
    it('with every table that holds rows of candidates, each in one source', async () => {
      const personal = await personalTables(sceau);
      expect(personal.length).toBeGreaterThanOrEqual(20);
      const claimed = sources.flatMap(({ tables }) => tables);
      expect(personal).toEqual([...claimed, ...Object.keys(NOT_CANDIDATES)].toSorted());
    });

    it('with every sealed place, given or withheld with a reason', () => {
      const claimed = sources.flatMap(({ given, withheld }) => [
        ...given,
        ...withheld.map(({ place }) => place),
      ]);
      const expected = Object.keys(PLACES).filter((place) => !NOBODYS.has(place));
      // The recovery codes are given as a number, and held as hashes.
      expect([...new Set(claimed)].toSorted()).toEqual(expected.toSorted());
      for (const { what, why } of sources.flatMap(({ withheld }) => withheld))
        expect([what.fr, what.en, why.fr, why.en].every((said) => said.length > 10)).toBe(true);
    });
  });

  describe('leaves with its owner', () => {
    it('in files that the manifest describes, checksums and numbers included', () => {
      const manifest = record(JSON.parse(text('manifest.json')));
      const described = Array.isArray(manifest['files']) ? manifest['files'].map(record) : [];
      expect(described.map(({ path }) => path)).toEqual(
        [...files.keys()].filter((path) => path !== 'manifest.json'),
      );
      for (const { path, sha256, bytes, description, records } of described) {
        const content = files.get(String(path)) ?? Buffer.alloc(0);
        expect([path, sha256]).toEqual([path, createHash('sha256').update(content).digest('hex')]);
        expect([path, bytes]).toEqual([path, content.length]);
        expect(String(description).length).toBeGreaterThan(20);
        const isList = String(path).endsWith('.json');
        expect([path, records]).toEqual([path, isList ? JSON.parse(content.toString()).length : undefined]);
      }
      expect(manifest).toMatchObject({ candidate: person.id, language: 'fr' });
      expect(JSON.stringify(manifest['withheld'])).toContain('argon2id');
    });

    it('with every value of every place that is given, and no secret', async () => {
      const given = new Set<PlaceName>(sources.flatMap((source) => [...source.given]));
      const values = await valuesOf(sceau.database, sceau.app, idOf(person));
      expect(new Set(values.map(({ place }) => place)).size).toBeGreaterThanOrEqual(18);
      const exported = new Set(
        [...files.keys()]
          .filter((path) => path.endsWith('.json'))
          .flatMap((path) => leavesOf(JSON.parse(text(path)))),
      );
      const whole = everything();
      const leaves = values.map(({ place, text: value }) => ({
        place,
        said: leavesOf(JSON.parse(value ?? 'null')),
      }));
      const missing = leaves.filter(
        ({ place, said }) => given.has(place) && said.some((leaf) => !exported.has(leaf)),
      );
      expect(missing).toEqual([]);
      // A kept answer and a mail repeat what the person has anyway.
      const secrets = leaves.filter(({ place }) => !given.has(place) && !place.startsWith('platform_'));
      expect(secrets.length).toBeGreaterThanOrEqual(4);
      const told = secrets.filter(({ said }) =>
        said.some((leaf) => leaf.length > 20 && whole.includes(leaf)),
      );
      expect(told).toEqual([]);
    });

    it('with accesses by others, one’s own sign-ins, and the account', () => {
      const history = text('access-history.json');
      expect(history).toContain('application.disclosed');
      expect(history).toContain('Agence une');
      expect(history).toContain('session.created');
      expect(JSON.parse(text('account.json'))).toMatchObject([
        { id: person.id, email: person.actor.email, recoveryCodesLeft: 10, hasAuthenticator: true },
      ]);
      expect([other.id, other.actor.email].filter((mark) => everything().includes(mark))).toEqual([]);
    });

    it('on a page in French or English on which nothing is without a name', async () => {
      const page = text('index.html');
      expect(page).toMatch(/^<!doctype html><html lang="fr">/);
      for (const shown of ['Nolwenn', 'Le Goff', '1 rue du Port', 'Servir le public.', 'Baccalauréat'])
        expect(page).toContain(shown);
      const names = [...page.matchAll(/<dt>([^<]+)<\/dt>/g)].map(([, name = '']) => name);
      const known = new Set(Object.values(LABELS).map(({ fr }) => fr));
      const withheld = sources.flatMap((source) => source.withheld.map(({ what }) => what.fr));
      expect([...new Set(names)].filter((name) => !known.has(name) && !withheld.includes(name))).toEqual([]);
      const english = await person.actor.client.download('/v1/me/export', { 'accept-language': 'en' });
      const inEnglish = await unzip(english.content);
      expect(inEnglish.get('index.html')?.toString()).toContain(
        '<h2>Who read or changed what, and when</h2>',
      );
      expect(english.headers.get('content-disposition')).toMatch(
        /^attachment; filename="my-data-[\d-]+\.zip"$/,
      );
    });

    it('under one entry of the ledger, however much is opened', async () => {
      const entries = await eventually('the entry', async () => {
        const rows = await sceau.database.query<{ action: string }>(
          'SELECT action FROM audit.entry WHERE request_id = $1',
          [requestId],
        );
        return rows.length === 0 ? undefined : rows;
      });
      expect(entries.map(({ action }) => action)).toEqual(['candidate.exported']);
    });
  });

  describe('ceases to be', () => {
    let erased: Record<string, unknown>;
    let sealedBefore: readonly string[];
    let othersBefore: string;

    const where = (needle: string): Promise<readonly string[]> => tablesWith(sceau, needle);
    const othersNow = () => lastingValuesOf(sceau, idOf(other));

    beforeAll(async () => {
      sealedBefore = await sealedBytesOf(sceau, person.id);
      othersBefore = await othersNow();
      await stepUp(sceau, person.actor);
    }, 60_000);

    it('is first told that it does, with the days that backups persist', async () => {
      const answer = await person.actor.client.request('/v1/me', { method: 'DELETE' });
      expect(answer.status).toBe(202);
      erased = record(answer.body);
      expect(erased).toMatchObject({ backupDays: 7, message: expect.stringContaining('7 jours') });
      // At the very moment of the answer, whatever the worker does later.
      expect(
        await sceau.database.query('SELECT FROM keys.subject_key WHERE subject_id = $1', [person.id]),
      ).toEqual([]);
      expect(await where(person.actor.email)).toEqual([]);
      const rows = await rowsAtOnce(sceau, person.id);
      expect(rows).toEqual([]);
      expect((await person.actor.client.request('/v1/me/profile')).status).toBe(401);
      expect((await person.actor.client.request('/v1/me', { method: 'DELETE' })).status).toBe(401);
    });

    it('for the agency becomes a withdrawn application of nobody, told like every change', async () => {
      const [{ client }] = populated.agencies;
      const listed = record((await client.request('/v1/agency/applications')).body);
      const [application] = Array.isArray(listed['items']) ? listed['items'].map(record) : [];
      expect(application).toMatchObject({ status: 'withdrawn', erasedAt: expect.any(String) });
      const path = `/v1/agency/applications/${String(application?.['id'])}`;
      const read = await client.request(path, { headers: { purpose: 'review' } });
      expect([read.status, JSON.stringify(read.body)]).toEqual([
        expect.any(Number),
        expect.not.stringContaining('Nolwenn'),
      ]);
      expect(await toldOf(sceau, String(application?.['id']))).toEqual([
        { type: 'application.submitted', revision: 3 },
        { type: 'application.erased', revision: 6 },
      ]);
    });

    it('leaves nothing but what the ledger and the key store have to keep', async () => {
      await eventually('the worker', async () => {
        const [row] = await sceau.database.query(
          'SELECT FROM privacy.erasure WHERE candidate_id = $1 AND emptied_at IS NOT NULL',
          [person.id],
        );
        return row;
      });
      const tables = await where(person.id);
      expect(tables.filter((table) => !STAYS_FOR_NOW.includes(table.replace(/_\d{4}_\d{2}$/, '')))).toEqual(
        [],
      );
      expect(sealedBefore.length).toBeGreaterThanOrEqual(20);
      expect(await tablesWithAny(sceau, sealedBefore)).toEqual([]);
      const budget = 'SELECT FROM disclosure.spent WHERE agency_id = $1';
      expect(await sceau.database.query(budget, [populated.agencies[0].agencyId])).toHaveLength(1);
    });

    it('is confirmed by a last mail, and of that nothing is kept either', async () => {
      const mail = await sceau.mailTo(person.actor.email, /effacés/);
      expect(mail.text).toContain(String(erased['reference']));
      expect(mail.text).toContain('7 jours');
      await eventually('the outbox', async () => {
        const waiting = await sceau.database.query(
          `SELECT FROM platform.outgoing_mail WHERE account_id = '01900000-0000-7000-8000-000000000001'`,
        );
        return waiting.length === 0 ? true : undefined;
      });
    });

    it('and of everybody else remains as it was', async () => {
      expect(await othersNow()).toBe(othersBefore);
      const { client } = await signIn(sceau, other.actor);
      expect((await client.request('/v1/me/profile')).body).toMatchObject({
        identity: { givenName: 'Nolwenn' },
        unreadable: [],
      });
    });

    it('in the ledger too, once the time for complaints is over', async () => {
      const work = service(sceau, ErasureWork);
      expect(await work.complete()).toBe(0);
      const [tie] = await sceau.database.query<{ reference: string }>(
        'SELECT reference::text FROM audit.subject_reference WHERE candidate_id = $1',
        [person.id],
      );
      sceau.clock.advance({ minutes: 31 * 24 * 60 });
      expect(await work.complete()).toBe(1);
      const tables = await where(person.id);
      expect(tables.filter((table) => !(table.replace(/_\d{4}_\d{2}$/, '') in STAYS))).toEqual([]);
      // The pseudonym is still there, and leads to nobody.
      expect(await where(tie?.reference ?? '')).toEqual(
        expect.arrayContaining([expect.stringMatching(/^audit\.subject_record_/)]),
      );
      expect(
        await sceau.database.query(
          'SELECT candidate_id, cause FROM privacy.erasure WHERE completed_at IS NOT NULL',
        ),
      ).toEqual([{ candidate_id: null, cause: 'candidate' }]);
      expect(await work.complete()).toBe(0);
    });

    it('and the address is free for whoever it belongs to', async () => {
      const { email, password } = person.actor;
      const body = { email, password, locale: 'fr' };
      expect((await new PersonClient(sceau.url).request('/v1/registrations', { body })).status).toBe(202);
      await sceau.mailTo(email, /Confirmez/);
    });
  });

  it('leaves and ceases only after a fresh second factor', async () => {
    const { client } = await signIn(sceau, other.actor);
    sceau.clock.advance({ minutes: 6 });
    for (const [method, path] of [
      ['GET', '/v1/me/export'],
      ['DELETE', '/v1/me'],
    ] as const) {
      const answer = await client.request(path, { method, headers: { accept: '*/*' } });
      expect([path, answer.status, record(answer.body)['code']]).toEqual([path, 403, 'step_up_required']);
    }
  });
});
