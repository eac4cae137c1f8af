import pg from 'pg';
import { Closing } from '../../../src/modules/vacancies/index.js';
import { Ledger } from '../../../src/ledger/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { Rounds } from '../../../src/platform/jobs/rounds.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { MovableClock } from '../../support/clock.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';
import { applyTo } from '../sealing/applicants.js';
import { change, draftFor, publish, submit } from './fixture.js';

const QUESTION = {
  id: 'lieu',
  label: 'Où ?',
  kind: 'choice',
  required: false,
  choices: ['Brest', 'Quimper'],
};

describe('a vacancy that closes', () => {
  let sceau: Sceau;
  let agency: AgencyActor;
  let candidate: PersonClient;
  /** Stands in the way of the product, as a slow transaction would. */
  let obstacle: pg.Client;

  beforeAll(async () => {
    sceau = await startSceau();
    agency = await createAgency(sceau);
    candidate = (await applyTo(sceau, (await publish(agency)).id, 'Gwenn')).client;
    obstacle = new pg.Client({ connectionString: sceau.database.ownerUrl });
    await obstacle.connect();
  }, 60_000);

  afterAll(async () => {
    await obstacle.end();
    await sceau.stop();
  });

  const closeWhatIsDue = () => sceau.worker.get(Closing, { strict: false }).run();
  const letDeadlinePass = (id: string) =>
    sceau.database.query('UPDATE vacancies.vacancy SET deadline = $2 WHERE id = $1', [id, sceau.clock.now()]);
  const read = async (id: string) => record((await agency.client.request(`/v1/agency/vacancies/${id}`)).body);
  const statusOf = async (path: string) => record((await candidate.request(path)).body)['status'];

  /** Until as many transactions wait for another one, or the request is answered without having waited. */
  const waiting = (count: number, unless: Promise<{ readonly status: number }>) =>
    Promise.race([
      unless.then(({ status }) => status),
      eventually('a transaction that waits', async () => {
        const [row] = await sceau.database.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM pg_stat_activity
           WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
        );
        return row?.count === count ? 'waits' : undefined;
      }),
    ]);

  it('does so by itself when its deadline has passed, once, with an entry of the ledger', async () => {
    const [due, open] = [await publish(agency), await publish(agency)];
    const draft = await draftFor(candidate, due.id);
    await letDeadlinePass(due.id);
    const early = await submit(candidate, draft);
    expect(early).toMatchObject({ status: 409, body: { code: 'deadline_passed' } });
    await Promise.all([closeWhatIsDue(), closeWhatIsDue()]);
    expect(await read(due.id)).toMatchObject({ status: 'closed', revision: due.revision + 1 });
    expect(await read(open.id)).toMatchObject({ status: 'published', revision: open.revision });
    const entries = await eventually('the entry', async () => {
      const found = await sceau.database.query(
        `SELECT actor_kind, resource_id = $1 AS "isAboutIt" FROM audit.entry WHERE action = 'vacancy.closed'`,
        [due.id],
      );
      return found.length > 0 ? found : undefined;
    });
    expect(entries).toEqual([{ actor_kind: 'system', isAboutIt: true }]);
    expect(await submit(candidate, draft)).toMatchObject({ status: 409, body: { code: 'deadline_passed' } });
  });

  it('opens again only with a later deadline', async () => {
    const vacancy = await publish(agency);
    await letDeadlinePass(vacancy.id);
    await closeWhatIsDue();
    const closed = { ...vacancy, revision: vacancy.revision + 1 };
    expect(await change(agency, closed, 'publish')).toMatchObject({ body: { code: 'deadline_passed' } });
    expect((await change(agency, closed, { deadline: '2099-06-30T21:59:59Z' })).status).toBe(200);
    const longer = { ...vacancy, revision: closed.revision + 1 };
    expect(await change(agency, longer, 'publish')).toMatchObject({ body: { status: 'published' } });
    expect((await submit(candidate, await draftFor(candidate, vacancy.id))).status).toBe(200);
  });

  describe('while somebody submits', () => {
    /** Lets a submission come as far as its last step, and no further. */
    const heldUp = async (vacancyId: string) => {
      const draft = await draftFor(candidate, vacancyId);
      await obstacle.query('BEGIN');
      await obstacle.query('SELECT FROM applications.agency_clock WHERE agency_id = $1 FOR UPDATE', [
        agency.agencyId,
      ]);
      const submission = submit(candidate, draft);
      expect(await waiting(1, submission)).toBe('waits');
      return { draft, submission };
    };

    it.each(['close', 'archive'] as const)('waits, so that it counts (%s)', async (act) => {
      const vacancy = await publish(agency, { questions: [QUESTION] });
      const { draft, submission } = await heldUp(vacancy.id);
      const closing = change(agency, vacancy, act);
      expect(await waiting(2, closing)).toBe('waits');
      await obstacle.query('COMMIT');
      expect((await submission).status).toBe(200);
      expect((await closing).status).toBe(200);
      expect(await statusOf(draft)).toBe(act === 'close' ? 'submitted' : 'lapsed');
      // Whoever has applied goes on seeing for what.
      const {
        questions,
        status,
        title,
        agency: name,
      } = record((await candidate.request(`${draft}/vacancy`)).body);
      expect([questions, status]).toEqual([[QUESTION], act === 'close' ? 'closed' : 'archived']);
      const { items } = record((await candidate.request('/v1/me/applications?limit=1')).body);
      expect(items).toMatchObject([{ vacancyTitle: title, vacancyStatus: status, agency: name }]);
      expect([title, name]).toEqual([PLAIN_VACANCY.title, 'Ministère de la Culture']);
    });

    it('has no questions that the other did not see', async () => {
      const vacancy = await publish(agency);
      const { submission } = await heldUp(vacancy.id);
      const question = { id: 'permis', label: 'Permis ?', kind: 'yes_no', required: true };
      const changing = change(agency, vacancy, { questions: [question] });
      expect(await waiting(2, changing)).toBe('waits');
      await obstacle.query('COMMIT');
      expect((await submission).status).toBe(200);
      expect(await changing).toMatchObject({ status: 422, body: { errors: [{ pointer: '/questions' }] } });
    });

    it('is left to the next run, and keeps no other from closing', async () => {
      const other = await publish(agency);
      const vacancy = await publish(agency);
      const { draft, submission } = await heldUp(vacancy.id);
      const { worker } = sceau;
      const [database, ledger] = [
        worker.get(Database, { strict: false }),
        worker.get(Ledger, { strict: false }),
      ];
      const late = new MovableClock();
      late.advance({ hours: 80 * 365 * 24 });
      const run = new Closing(database, ledger, worker.get(Rounds, { strict: false }), late).run();
      expect(
        await waiting(
          2,
          run.then(() => ({ status: 200 })),
        ),
      ).toBe(200);
      expect(await read(other.id)).toMatchObject({ status: 'closed' });
      expect(await read(vacancy.id)).toMatchObject({ status: 'published' });
      await obstacle.query('COMMIT');
      expect((await submission).status).toBe(200);
      expect(await statusOf(draft)).toBe('submitted');
    });

    it('refuses whoever comes while it closes', async () => {
      const vacancy = await publish(agency);
      const draft = await draftFor(candidate, vacancy.id);
      await obstacle.query('BEGIN');
      await obstacle.query(`UPDATE vacancies.vacancy SET status = 'closed' WHERE id = $1`, [vacancy.id]);
      const submission = submit(candidate, draft);
      expect(await waiting(1, submission)).toBe('waits');
      await obstacle.query('COMMIT');
      expect(await submission).toMatchObject({ status: 409, body: { code: 'vacancy_not_open' } });
      expect(await statusOf(draft)).toBe('draft');
    });

    it.each([1, 2, 3, 4])('ends with the application decided one way or the other (%i)', async () => {
      const vacancies = [await publish(agency), await publish(agency)];
      const outcomes = await Promise.all(
        vacancies.map(async (vacancy) => {
          const draft = await draftFor(candidate, vacancy.id);
          const [submitted, archived] = await Promise.all([
            submit(candidate, draft),
            change(agency, vacancy, 'archive'),
          ]);
          return [archived.status, submitted.status, await statusOf(draft)].join(' ');
        }),
      );
      for (const outcome of outcomes) expect(['200 200 lapsed', '200 409 draft']).toContain(outcome);
    });
  });

  it('stays in the lists of whom it concerns, page by page, each once and newest first', async () => {
    const ids = async (query: string, owner: unknown): Promise<string[]> =>
      (await sceau.database.query<{ id: string }>(query, [owner])).map(({ id }) => id);
    const walked = async (client: Pick<PersonClient, 'request'>, path: string): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (let cursor = ''; cursor !== 'none';) {
        const { items, nextCursor } = record((await client.request(`${path}limit=2${cursor}`)).body);
        found.push(...(Array.isArray(items) ? items.map((item: unknown) => record(item)['id']) : []));
        cursor = typeof nextCursor === 'string' ? `&cursor=${nextCursor}` : 'none';
      }
      return found;
    };
    const [mine] = await sceau.database.query<{ owner: string }>(
      'SELECT candidate_id AS owner FROM applications.application LIMIT 1',
    );
    const own = 'SELECT a.id FROM applications.application AS a WHERE a.candidate_id = $1';
    const received = `SELECT a.id FROM applications.application AS a WHERE a.agency_id = $1 AND a.status <> 'draft'`;
    const lists = [
      [candidate, '/v1/me/applications?', `${own} ORDER BY a.created_at DESC, a.id DESC`],
      [
        candidate,
        '/v1/me/applications?status=lapsed&',
        `${own} AND a.status = 'lapsed' ORDER BY a.created_at DESC, a.id DESC`,
      ],
      [agency.client, '/v1/agency/applications?', `${received} ORDER BY a.submitted_at DESC, a.id DESC`],
      [
        agency.client,
        '/v1/agency/applications?status=submitted&',
        `${received} AND a.status = 'submitted' ORDER BY a.submitted_at DESC, a.id DESC`,
      ],
      [
        agency.client,
        '/v1/agency/vacancies?',
        'SELECT v.id FROM vacancies.vacancy AS v WHERE v.agency_id = $1 ORDER BY v.created_at DESC, v.id DESC',
      ],
    ] as const;
    for (const [client, path, query] of lists) {
      const all = await ids(query, client === candidate ? mine?.owner : agency.agencyId);
      // How many have lapsed is for the races above to say.
      expect(all.length).toBeGreaterThan(path.includes('lapsed') ? 0 : 2);
      expect([path, await walked(client, path)]).toEqual([path, all]);
    }
  });
});
