import { spyOn } from 'jest-mock';
import pg from 'pg';
import { Budget } from '../../../src/disclosure/budget/budget.js';
import type { CandidateActor, RequestContext } from '../../../src/kernel/context.js';
import { Canaries, Disclosure, type ReleasableField } from '../../../src/disclosure/index.js';
import { type CandidateId, parseId } from '../../../src/kernel/ids.js';
import { asSealed } from '../../../src/sealing/index.js';
import { Opener } from '../../../src/sealing/opening.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { agency, Dossiers, fresh, FROZEN, owner, ownDossier, withOpen } from './dossiers.js';
import { recordedAbout } from './recorded.js';

/** The one door on the real ledger, key store and budget. */
describe('disclosure', () => {
  let sceau: Sceau;
  let disclosure: Disclosure;
  let desk: Dossiers;
  let opening: ReturnType<typeof spyOnOpening>;

  const spyOnOpening = () => spyOn(sceau.app.get(Opener, { strict: false }), 'openMany');

  beforeAll(async () => {
    sceau = await startSceau();
    disclosure = sceau.app.get(Disclosure, { strict: false });
    desk = new Dossiers(sceau);
    opening = spyOnOpening();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(() => {
    opening.mockClear();
  });

  it('shows an agency what the policy releases, and the ledger says the same', async () => {
    const context = agency();
    const dossier = await desk.application(context);
    expect(await desk.review(context, dossier)).toEqual([
      {
        outcome: 'released',
        values: { motivation: 'Servir le public.', givenName: 'Gwenaëlle', familyName: 'Kerbrat' },
        unreadable: [],
      },
    ]);
    expect(await recordedAbout(sceau.database, dossier.candidate)).toMatchObject([
      {
        action: 'application.disclosed',
        outcome: 'allowed',
        purpose: 'review',
        resource: dossier.application,
        fields: ['motivation', 'givenName', 'familyName'],
      },
    ]);
  });

  it('waits for the checkpoint before an agency sees anything', async () => {
    const context = agency();
    const dossier = await desk.application(context);
    let sequencedBefore: string | undefined;
    opening.mockImplementationOnce(async (items) => {
      const rows = await sceau.database.query<{ count: string }>(
        `SELECT count(*)::text AS count FROM audit.entry e
         WHERE e.resource_id = $1 AND e.leaf_index < (SELECT size FROM audit.signed_head)`,
        [dossier.application],
      );
      sequencedBefore = rows[0]?.count;
      return items.map(() => ({ ok: true, value: 'opened' }));
    });
    await desk.review(context, dossier);
    expect(sequencedBefore).toBe('1');
  });

  it('withholds the names of an anonymous review, and does not even open what holds nothing else', async () => {
    const context = agency();
    const dossier = await desk.application(context, 'submitted', true);
    const [release] = await desk.review(context, dossier);
    expect(release).toMatchObject({ values: { motivation: 'Servir le public.' } });
    expect(opening.mock.calls[0]?.[0]).toHaveLength(1);
  });

  it.each(['draft', 'withdrawn', 'rejected', 'lapsed', 'declined'] as const)(
    'refuses an application that is %s, and the refusal is on record',
    async (status) => {
      const context = agency();
      const dossier = await desk.application(context, status);
      expect(await desk.review(context, dossier)).toEqual([
        { outcome: 'refused', reason: 'purpose_not_allowed' },
      ]);
      expect(opening).not.toHaveBeenCalled();
      expect(await recordedAbout(sceau.database, dossier.candidate)).toMatchObject([
        {
          action: 'application.disclosed',
          outcome: 'refused',
          reason: 'purpose_not_allowed',
          resource: dossier.application,
          fields: [],
        },
      ]);
    },
  );

  it('refuses a field by name that is not released', async () => {
    const context = agency();
    const dossier = await desk.application(context);
    const releases = await disclosure.toAgency(context, {
      purpose: 'review',
      fields: new Set<ReleasableField>(['motivation', 'email']),
      dossiers: [dossier],
      readAllowance: withOpen(0),
    });
    expect(releases).toEqual([{ outcome: 'refused', reason: 'field_not_released' }]);
    expect(opening).not.toHaveBeenCalled();
  });

  it('answers several at once, refusals one by one, under one entry for what is released', async () => {
    const context = agency();
    const dossiers = [
      await desk.application(context),
      await desk.application(context, 'draft'),
      await desk.application(context, 'under_review'),
    ];
    const releases = await desk.review(context, ...dossiers);
    expect(releases.map(({ outcome }) => outcome)).toEqual(['released', 'refused', 'released']);
    await recordedAbout(sceau.database, dossiers[0]?.candidate ?? '');
    const entries = await sceau.database.query<{ outcome: string; count: number }>(
      'SELECT outcome, count FROM audit.entry WHERE agency_id = $1 ORDER BY leaf_index',
      [context.actor.agencyId],
    );
    expect(entries).toEqual([
      { outcome: 'refused', count: 1 },
      { outcome: 'allowed', count: 2 },
    ]);
  });

  it("knows nothing of another agency's application", async () => {
    const context = agency();
    const foreign = await desk.application(agency());
    await expect(desk.review(context, await desk.application(context), foreign)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(opening).not.toHaveBeenCalled();
    expect(await recordedAbout(sceau.database, foreign.candidate)).toMatchObject([
      { outcome: 'refused', reason: 'not_owner' },
    ]);
  });

  it('serves the rest when one value is damaged, names it, and reports it', async () => {
    const context = agency();
    const sound = await desk.application(context);
    const [motivation, snapshot] = sound.content;
    if (motivation?.holds !== 'motivation' || snapshot === undefined)
      throw new Error('The dossier has two values.');
    const damaged = Buffer.from(motivation.sealed.value ?? '');
    damaged[40] = (damaged[40] ?? 0) ^ 1;
    const sealed = { ...motivation.sealed, value: asSealed<unknown>(damaged) };
    const dossier = { ...sound, content: [{ holds: 'motivation', sealed } as const, snapshot] };
    expect(await desk.review(context, dossier)).toEqual([
      {
        outcome: 'released',
        values: { givenName: 'Gwenaëlle', familyName: 'Kerbrat' },
        unreadable: ['motivation'],
      },
    ]);
    expect(await recordedAbout(sceau.database, dossier.candidate)).toMatchObject([
      { outcome: 'allowed' },
      { outcome: 'failed', reason: 'sealed_value_unreadable', fields: ['motivation'] },
    ]);
  });

  it('opens for their owner, who sees everything, and for no other candidate', async () => {
    const dossier = ownDossier(await desk.application(agency(), 'draft'));
    const read = (context: RequestContext<CandidateActor>) =>
      disclosure.toOwner(context, 'candidate.application_read', fresh(), dossier);
    const opened = await read(owner(dossier.candidate));
    expect(dossier.fields.map((field) => opened.value(field))).toEqual(['Servir le public.', FROZEN]);
    opening.mockClear();
    await expect(read(owner(fresh()))).rejects.toMatchObject({ code: 'not_found' });
    expect(opening).not.toHaveBeenCalled();
    expect(await recordedAbout(sceau.database, dossier.candidate)).toMatchObject([
      { outcome: 'allowed', purpose: 'own_data', fields: ['motivation', 'snapshot'] },
      { outcome: 'refused', reason: 'not_owner' },
    ]);
  });

  it('opens nothing for anybody while the ledger cannot record', async () => {
    const context = agency();
    const dossier = await desk.application(context);
    const signature = 'audit.append(uuid[], uuid[], bigint[], bytea[], bytea[], bytea[])';
    await sceau.database.query(`REVOKE EXECUTE ON FUNCTION ${signature} FROM sceau_app`);
    try {
      await expect(desk.review(context, dossier)).rejects.toMatchObject({ code: 'ledger_unavailable' });
      await expect(
        disclosure.toOwner(
          owner(dossier.candidate),
          'candidate.application_read',
          fresh(),
          ownDossier(dossier),
        ),
      ).rejects.toMatchObject({ code: 'ledger_unavailable' });
      const refused = await desk.application(context, 'draft');
      await expect(desk.review(context, refused)).rejects.toMatchObject({ code: 'ledger_unavailable' });
      expect(opening).not.toHaveBeenCalled();
    } finally {
      await sceau.database.query(`GRANT EXECUTE ON FUNCTION ${signature} TO sceau_app`);
    }
    expect(await desk.review(context, dossier)).toMatchObject([{ outcome: 'released' }]);
  });

  it('counts nobody twice whom two requests ask for at once, one before the hour ends and one after', async () => {
    const context = agency();
    const candidate = fresh<'candidate'>();
    const before = new Date('2100-01-01T17:59:50Z');
    const holder = new pg.Client({ connectionString: sceau.database.appUrl });
    await holder.connect();
    const now = spyOn(sceau.clock, 'now');
    try {
      const lock = [`disclosure.spent/${context.actor.agencyId}`];
      await holder.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', lock);
      const asked = [0, 20_000].map((later) => {
        now.mockReturnValueOnce(new Date(before.getTime() + later));
        return sceau.app.get(Budget, { strict: false }).spend(context, 'review', [candidate], withOpen(0));
      });
      await eventually('both to wait', async () => {
        const { rowCount } = await holder.query(
          `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
           WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted`,
        );
        return rowCount === 2 || undefined;
      });
      await holder.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', lock);
      expect(await Promise.all(asked)).toEqual([{ outcome: 'within' }, { outcome: 'within' }]);
    } finally {
      now.mockRestore();
      await holder.end();
    }
    const counted = 'SELECT FROM disclosure.spent WHERE agency_id = $1';
    expect(await sceau.database.query(counted, [context.actor.agencyId])).toHaveLength(1);
  });

  it('alerts of a canary whom the budget refuses too', async () => {
    const context = agency();
    const candidate = parseId<CandidateId>(
      await sceau.app.get(Canaries, { strict: false }).newId(Date.now()),
    );
    if (candidate === undefined) throw new Error('A canary has an id.');
    const dossier = { ...(await desk.application(context)), candidate };
    const readAllowance = () => Promise.resolve({ hour: 0, day: 0, month: 0 });
    await expect(
      disclosure.toAgency(context, { purpose: 'review', dossiers: [dossier], readAllowance }),
    ).rejects.toMatchObject({ code: 'disclosure_budget_spent' });
    expect((await recordedAbout(sceau.database, candidate)).map(({ action }) => action)).toContain(
      'canary.disclosed',
    );
  });
});
