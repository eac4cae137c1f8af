import pg from 'pg';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { recordedAbout } from '../disclosure/recorded.js';

const TABLES = ['profile', 'education', 'experience', 'language'] as const;
const EDUCATION = { institution: 'Lycée Kerichen', degree: 'Baccalauréat', from: '2009-09', to: '2012-06' };

interface Known {
  readonly actor: CandidateActor;
  readonly id: string;
}

/** What the database holds against whoever reaches it past the services, and what a writer to it achieves. */
describe("candidates' rows", () => {
  let sceau: Sceau;
  let one: Known;
  let two: Known;
  let app: pg.Pool;

  async function known(givenName: string): Promise<Known> {
    const actor = await signUpCandidate(sceau);
    await actor.client.request('/v1/me/profile', {
      method: 'PUT',
      body: {
        identity: { givenName, familyName: 'Le Goff' },
        contact: { telephone: '+33612345678' },
        accommodations: 'Aucun besoin.',
      },
      headers: { 'if-match': '"r0"' },
    });
    for (const [list, body] of [
      ['education', EDUCATION],
      ['education', { ...EDUCATION, degree: 'Licence', from: '2012-09', to: '2015-06' }],
      ['experience', { employer: 'Mairie', title: 'Agent', from: '2016-01' }],
      ['languages', { language: 'fr', level: 'native' }],
    ] as const) {
      await actor.client.request(`/v1/me/profile/${list}`, { body });
    }
    const rows = await sceau.database.query<{ id: string }>(
      'SELECT candidate_id::text AS id FROM candidates.profile ORDER BY created_at DESC LIMIT 1',
    );
    return { actor, id: String(rows[0]?.id) };
  }

  beforeAll(async () => {
    sceau = await startSceau();
    one = await known('Nolwenn');
    two = await known('Tanguy');
    app = new pg.Pool({ connectionString: sceau.database.appUrl, max: 1 });
  }, 60_000);

  afterAll(async () => {
    await app.end();
    await sceau.stop();
  });

  /** As the app's own role, in a transaction with the given row-level-security context. */
  async function asApp(context: Record<string, string>, statement: string, values: unknown[] = []) {
    const client = await app.connect();
    try {
      await client.query('BEGIN');
      for (const [name, value] of Object.entries(context)) {
        await client.query('SELECT set_config($1, $2, true)', [name, value]);
      }
      return await client.query(statement, values);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }

  const asCandidate = (id: string) => ({ 'sceau.scope': 'candidate', 'sceau.candidate_id': id });

  describe.each(TABLES)('of %s', (table) => {
    it.each([
      ['no scope', {}],
      ['an empty scope', { 'sceau.scope': '', 'sceau.candidate_id': '' }],
      ['a candidate scope without a candidate', { 'sceau.scope': 'candidate', 'sceau.candidate_id': '' }],
      ['an agency', { 'sceau.scope': 'agency', 'sceau.agency_id': '01900000-0000-7000-8000-000000000009' }],
      ['the public', { 'sceau.scope': 'public' }],
      ['sign-in', { 'sceau.scope': 'identity' }],
      ['jobs', { 'sceau.scope': 'system' }],
    ])('are not there for %s', async (_, context) => {
      expect((await asApp(context, `SELECT 1 FROM candidates.${table}`)).rowCount).toBe(0);
      expect((await asApp(context, `UPDATE candidates.${table} SET revision = 9`)).rowCount).toBe(0);
    });

    it('are there for their candidate and nobody else', async () => {
      const seen = await asApp(asCandidate(one.id), `SELECT candidate_id FROM candidates.${table}`);
      expect(new Set(seen.rows.map((row) => row.candidate_id))).toEqual(new Set([one.id]));
      const foreign = await asApp(
        asCandidate(one.id),
        `UPDATE candidates.${table} SET revision = 9 WHERE candidate_id = $1`,
        [two.id],
      );
      expect(foreign.rowCount).toBe(0);
    });

    it('cannot be given to somebody else', async () => {
      const move = `UPDATE candidates.${table} SET candidate_id = $1`;
      await expect(asApp(asCandidate(one.id), move, [two.id])).rejects.toThrow('row-level security');
    });
  });

  it('take no plaintext, by whatever path', async () => {
    const update = `UPDATE candidates.profile SET identity = convert_to($1, 'UTF8') WHERE candidate_id = $2`;
    const clear = JSON.stringify({ givenName: 'Nolwenn', filler: 'x'.repeat(200) });
    await expect(sceau.database.query(update, [clear, one.id])).rejects.toThrow('check constraint');
  });

  it("leave the app's role no way to alter them or to remove another's profile", async () => {
    const context = asCandidate(one.id);
    await expect(asApp(context, 'ALTER TABLE candidates.profile DISABLE ROW LEVEL SECURITY')).rejects.toThrow(
      'owner',
    );
    const others = `DELETE FROM candidates.profile WHERE candidate_id <> '${one.id}'`;
    expect((await asApp(context, others)).rowCount).toBe(0);
    await expect(asApp(context, 'TRUNCATE candidates.education')).rejects.toThrow('permission denied');
  });

  describe('with a value that stands in another place', () => {
    /** Exchanges two sealed values, lets the test look, and puts them back. */
    async function exchanged(swap: string, values: unknown[], look: () => Promise<void>): Promise<void> {
      const changed = await sceau.database.query(`${swap} RETURNING 1`, values);
      expect(changed.length).toBeGreaterThan(0);
      try {
        await look();
      } finally {
        await sceau.database.query(swap, values);
      }
    }

    const profileOf = async ({ actor }: Known) => record((await actor.client.request('/v1/me/profile')).body);
    const educationOf = async ({ actor }: Known): Promise<Record<string, unknown>[]> => {
      const items = record((await actor.client.request('/v1/me/profile/education')).body)['items'];
      return Array.isArray(items) ? items.map(record) : [];
    };
    const failuresOf = async ({ id }: Known) =>
      (await recordedAbout(sceau.database, id)).filter(({ outcome }) => outcome === 'failed');

    it('another column: both are named as unreadable, the rest is served, and the ledger has the failure', async () => {
      await exchanged(
        'UPDATE candidates.profile SET identity = contact, contact = identity WHERE candidate_id = $1',
        [one.id],
        async () => {
          const profile = await profileOf(one);
          expect(profile).toMatchObject({
            identity: null,
            contact: null,
            accommodations: 'Aucun besoin.',
            unreadable: ['identity', 'contact'],
          });
          const failures = await failuresOf(one);
          expect(failures.at(-1)).toMatchObject({
            action: 'candidate.profile_read',
            reason: 'sealed_value_unreadable',
            fields: ['identity', 'contact'],
          });
        },
      );
      expect(await profileOf(one)).toMatchObject({ identity: { givenName: 'Nolwenn' }, unreadable: [] });
    });

    it('another candidate: it opens for neither', async () => {
      const swap = `UPDATE candidates.profile a SET identity = b.identity FROM candidates.profile b
                    WHERE (a.candidate_id, b.candidate_id) IN (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`;
      await exchanged(swap, [one.id, two.id], async () => {
        for (const someone of [one, two]) {
          expect(await profileOf(someone)).toMatchObject({ identity: null, unreadable: ['identity'] });
        }
      });
    });

    it('another row of the same candidate: both entries are there, last and without content', async () => {
      const before = await educationOf(one);
      const swap = `UPDATE candidates.education a SET entry = b.entry FROM candidates.education b
                    WHERE a.candidate_id = $1 AND b.candidate_id = $1 AND a.id <> b.id`;
      await exchanged(swap, [one.id], async () => {
        const entries = await educationOf(one);
        expect(entries).toHaveLength(2);
        for (const entry of entries) {
          expect(Object.keys(entry).toSorted()).toEqual(['id', 'revision', 'unreadable', 'updatedAt']);
          expect(entry['unreadable']).toBe(true);
        }
        expect((await failuresOf(one)).at(-1)).toMatchObject({ fields: ['education'] });
      });
      expect(await educationOf(one)).toEqual(before);
    });

    it('can be replaced as a whole, but not changed within', async () => {
      const damage = 'UPDATE candidates.profile SET contact = identity WHERE candidate_id = $1';
      await sceau.database.query(damage, [two.id]);
      const patch = (body: unknown) =>
        two.actor.client.request('/v1/me/profile', {
          method: 'PATCH',
          body,
          headers: { 'if-match': '"r1"' },
        });
      const within = await patch({ contact: { email: 'tanguy@example.fr' } });
      expect([within.status, record(within.body)['code']]).toEqual([500, 'sealed_value_unreadable']);
      const beside = await patch({ accommodations: 'Écran large.' });
      expect(beside.body).toMatchObject({
        contact: null,
        accommodations: 'Écran large.',
        unreadable: ['contact'],
      });
      const whole = await two.actor.client.request('/v1/me/profile', {
        method: 'PUT',
        body: { identity: { givenName: 'Tanguy' }, contact: { email: 'tanguy@example.fr' } },
        headers: { 'if-match': '"r2"' },
      });
      expect(whole.status).toBe(200);
      expect(await profileOf(two)).toMatchObject({ contact: { email: 'tanguy@example.fr' }, unreadable: [] });
    });
  });
});
