import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { AgencyActor as Caller, RequestContext } from '../../../src/kernel/context.js';
import { type AgencyId, newId, type VacancyId } from '../../../src/kernel/ids.js';
import { ReceivedLists } from '../../../src/modules/applications/index.js';
import { ApplicationChanges } from '../../../src/modules/applications/application-changes.js';
import { Database } from '../../../src/platform/database/database.js';
import { type AgencyActor, createAgency, record, systemContext } from '../../support/actors.js';
import { stampOf } from '../../support/application-records.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

const SEALED = Buffer.concat([Buffer.from([0xc5, 1]), Buffer.alloc(96)]);
const STATES = ['submitted', 'under_review', 'shortlisted', 'interview', 'offered'] as const;
const SUBMITTED = { mode: 'live', status: 'submitted', anonymousReview: false, answerBy: null } as const;
const LIST = '/v1/agency/applications';

/** One transaction of a writer: which applications it moves, how long it dallies, and how it ends. */
interface Transaction {
  readonly agency: 0 | 1;
  readonly applications: readonly number[];
  readonly turns: number;
  readonly commits: boolean;
}

const transaction = fc.record<Transaction>({
  agency: fc.constantFrom(0, 1),
  applications: fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 4 }),
  turns: fc.nat({ max: 30 }),
  commits: fc.boolean(),
});

describe('the changes of applications', () => {
  let sceau: Sceau;
  let agencies: readonly [AgencyActor, AgencyActor];
  let lists: ReceivedLists;
  let database: Database;
  let changes: ApplicationChanges;
  const contents = new Map<string, Parameters<typeof stampOf>[1]>();

  beforeAll(async () => {
    sceau = await startSceau();
    agencies = [await createAgency(sceau, 'Une'), await createAgency(sceau, 'Deux')];
    lists = sceau.app.get(ReceivedLists, { strict: false });
    database = sceau.app.get(Database, { strict: false });
    changes = sceau.app.get(ApplicationChanges, { strict: false });
  }, 60_000);

  afterAll(() => sceau.stop());

  /** Applications as they are once they were received. */
  async function receive(agency: AgencyId, vacancy: VacancyId, count: number): Promise<string[]> {
    const received = Array.from({ length: count }, () => ({
      id: newId<'application'>(Date.now()),
      candidateId: newId<'candidate'>(1),
      vacancyId: vacancy,
      agencyId: agency,
      ...SUBMITTED,
    }));
    await database.run({ kind: 'system' }, async (manager) => {
      for (const content of received) {
        contents.set(content.id, content);
        const { id, candidateId } = content;
        const { mac } = await stampOf(sceau, content);
        const at = await changes.tick(manager, agency);
        await manager.query(
          `INSERT INTO applications.application (id, candidate_id, vacancy_id, agency_id, mode, status, anonymous_review,
             snapshot, created_at, submitted_at, updated_at, revision, record_revision, mac)
           VALUES ($1, $2, $3, $4, 'live', 'submitted', false, $5, now(), now(), $6, 1, 0, $7)`,
          [id, candidateId, vacancy, agency, SEALED, at, mac],
        );
      }
    });
    return received.map(({ id }) => id);
  }

  const contextOf = ({ agencyId }: AgencyActor): RequestContext<Caller> => ({
    ...systemContext(),
    actor: { kind: 'agency', agencyId, clientId: newId<'client'>(1), scopes: ['applications:read'] },
  });

  /** A copy that is kept up to date along one chain of cursors, as the documentation tells. */
  class Copy {
    readonly #context: RequestContext<Caller>;
    readonly #filter: { vacancy?: VacancyId };
    readonly revisions = new Map<string, number>();
    #cursor: string | undefined;

    constructor(agency: AgencyActor, vacancy?: VacancyId) {
      this.#context = contextOf(agency);
      this.#filter = vacancy === undefined ? {} : { vacancy };
    }

    /** Takes one page. @returns whether there was more. @throws Error for what was there before */
    async take(limit: number): Promise<boolean> {
      const cursor = this.#cursor === undefined ? {} : { cursor: this.#cursor };
      const page = await lists.changes(this.#context, this.#filter, { limit, ...cursor });
      for (const { application } of page.items) {
        const before = this.revisions.get(application.id) ?? 0;
        if (application.revision <= before) throw new Error('A change was told twice, or an old one late.');
        this.revisions.set(application.id, application.revision);
      }
      this.#cursor = page.nextCursor ?? page.resumeCursor;
      return page.nextCursor !== null;
    }
  }

  const stateOf = async (agency: AgencyId, vacancy?: VacancyId): Promise<Map<string, number>> => {
    const rows = await sceau.database.query<{ id: string; revision: number }>(
      `SELECT id::text, revision FROM applications.application
       WHERE agency_id = $1 AND ($2::uuid IS NULL OR vacancy_id = $2) ORDER BY id`,
      [agency, vacancy ?? null],
    );
    return new Map(rows.map(({ id, revision }) => [id, revision]));
  };
  const inOrder = (revisions: ReadonlyMap<string, number>) =>
    new Map([...revisions].toSorted(([a], [b]) => (a < b ? -1 : 1)));

  it('are told once each and never missed, whoever commits when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(transaction, { maxLength: 5 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (writers, limit) => {
          const vacancies = [newId<'vacancy'>(1), newId<'vacancy'>(1)] as const;
          const received = await Promise.all(
            agencies.map(async ({ agencyId }) => [
              ...(await receive(agencyId, vacancies[0], 3)),
              ...(await receive(agencyId, vacancies[1], 2)),
            ]),
          );
          const copies = [...agencies.map((agency) => new Copy(agency)), new Copy(agencies[0], vacancies[1])];
          const write = async (step: Transaction): Promise<void> => {
            const { agencyId } = agencies[step.agency];
            const done = database.run({ kind: 'agency', agencyId }, async (manager) => {
              for (const at of step.applications) {
                const id = received[step.agency]?.[at] ?? '';
                const [status, before] = [STATES[at], contents.get(id)];
                if (status === undefined || before === undefined) throw new Error('There are five of each.');
                const { mac } = await stampOf(sceau, { ...before, status });
                await manager.query(
                  `UPDATE applications.application SET status = $2, updated_at = $3, revision = revision + 1, mac = $4
                   WHERE id = $1`,
                  [id, status, await changes.tick(manager, agencyId), mac],
                );
                for (let waited = 0; waited < step.turns; waited += 1) await turn();
              }
              if (!step.commits) throw new Error('taken back');
            });
            await done.catch((error: unknown) => {
              if (step.commits) throw error;
            });
          };
          const over = new AbortController();
          const reading = copies.map(async (copy) => {
            while (!over.signal.aborted) {
              await copy.take(limit);
              await turn();
            }
          });
          const writing = writers.map(async (steps) => {
            for (const step of steps) await write(step);
          });
          await Promise.all(writing).finally(() => over.abort());
          await Promise.all(reading);
          for (const copy of copies) while (await copy.take(limit));
          const [one, other, filtered] = copies;
          expect(inOrder(one?.revisions ?? new Map())).toEqual(await stateOf(agencies[0].agencyId));
          expect(inOrder(other?.revisions ?? new Map())).toEqual(await stateOf(agencies[1].agencyId));
          expect(inOrder(filtered?.revisions ?? new Map())).toEqual(
            await stateOf(agencies[0].agencyId, vacancies[1]),
          );
          const [counts, state] = [
            await lists.counts(contextOf(agencies[0])),
            [...(await stateOf(agencies[0].agencyId))],
          ];
          expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(state.length);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('take their moment from the clock of their agency, in their own transaction, or are refused', async () => {
    const [{ agencyId }] = agencies;
    const [id] = await receive(agencyId, newId<'vacancy'>(1), 1);
    const change = `UPDATE applications.application SET status = 'under_review', updated_at = $2, revision = 2 WHERE id = $1`;
    const early = await database.run({ kind: 'system' }, (manager) => changes.tick(manager, agencyId));
    for (const moment of [new Date(), early])
      await expect(
        database.run({ kind: 'system' }, (manager) => manager.query(change, [id, moment])),
      ).rejects.toThrow('takes its moment');
    await database.run({ kind: 'system' }, async (manager) => {
      const first = await changes.tick(manager, agencyId);
      const at = await changes.tick(manager, agencyId);
      expect(at.getTime()).toBeGreaterThan(first.getTime());
      await manager.query(change, [id, at]);
    });
  });

  it('have rising moments, also after a clock that was ahead was put right', async () => {
    const [{ agencyId }] = agencies;
    await sceau.database.query(
      `UPDATE applications.agency_clock SET last = last + interval '1 hour' WHERE agency_id = $1`,
      [agencyId],
    );
    const copy = new Copy(agencies[0]);
    while (await copy.take(100));
    const ids = await receive(agencyId, newId<'vacancy'>(1), 3);
    while (await copy.take(2));
    expect(ids.map((id) => copy.revisions.get(id))).toEqual([1, 1, 1]);
  });

  describe('to a program', () => {
    const ask = async (query: string, path = LIST) => {
      const answer = await agencies[0].client.request(`${path}${query}`);
      return { status: answer.status, headers: answer.headers, body: record(answer.body) };
    };

    it('go on from where it was, to the end and after it', async () => {
      const vacancy = newId<'vacancy'>(1);
      await receive(agencies[0].agencyId, vacancy, 3);
      const first = await ask(`?order=changed&vacancy=${vacancy}&limit=2`);
      expect(first.body['items']).toHaveLength(2);
      const next = await ask(
        `?order=changed&vacancy=${vacancy}&limit=2&cursor=${String(first.body['nextCursor'])}`,
      );
      expect([next.body['nextCursor'], next.headers.get('link')]).toEqual([null, null]);
      const resume = `?order=changed&vacancy=${vacancy}&cursor=${String(next.body['resumeCursor'])}`;
      expect((await ask(resume)).body).toMatchObject({ items: [], resumeCursor: next.body['resumeCursor'] });
      const [late] = await receive(agencies[0].agencyId, vacancy, 1);
      expect((await ask(resume)).body['items']).toMatchObject([{ id: late }]);
    });

    it('begin after a moment, and the order says so by itself', async () => {
      const vacancy = newId<'vacancy'>(1);
      const [, , last] = await receive(agencies[0].agencyId, vacancy, 3);
      const { items } = (await ask(`?vacancy=${vacancy}&order=changed`)).body;
      const since = encodeURIComponent(String(record(Object(items)[1])['updatedAt']));
      const after = await ask(`?vacancy=${vacancy}&updatedSince=${since}`);
      expect(after.body['items']).toMatchObject([{ id: last }]);
      expect(after.body['resumeCursor']).toEqual(expect.any(String));
    });

    it.each([
      ['?order=changed&status=submitted', '/status'],
      ['?updatedSince=2026-01-01T00:00:00Z&status=submitted', '/status'],
      ['?updatedSince=2026-01-01T00:00:00Z&order=newest', '/updatedSince'],
    ])('are not asked for as %s', async (query, pointer) => {
      const { status, body } = await ask(query);
      expect([status, body['code'], body['errors']]).toMatchObject([400, 'invalid_query', [{ pointer }]]);
    });

    it('are counted by state, of one vacancy or of all', async () => {
      const vacancy = newId<'vacancy'>(1);
      await receive(agencies[0].agencyId, vacancy, 2);
      const { body } = await ask(`?vacancy=${vacancy}`, `${LIST}/counts`);
      expect(body['total']).toBe(2);
      expect(body['items']).toEqual(
        expect.arrayContaining([
          { status: 'submitted', count: 2 },
          { status: 'hired', count: 0 },
        ]),
      );
      const all = await stateOf(agencies[0].agencyId);
      expect((await ask('', `${LIST}/counts`)).body['total']).toBe(all.size);
      const theirs = await agencies[1].client.request(`${LIST}/counts?vacancy=${vacancy}`);
      expect(record(theirs.body)['total']).toBe(0);
    });

    it('are begun anew after the database was restored from a backup', async () => {
      const { resumeCursor } = (await ask('?order=changed')).body;
      await sceau.database.query('UPDATE audit.tree_head SET epoch = epoch + 1');
      const { status, body } = await ask(`?order=changed&cursor=${String(resumeCursor)}`);
      expect([status, body['code']]).toEqual([410, 'cursor_expired']);
      const anew = (await ask('?order=changed')).body['resumeCursor'];
      expect((await ask(`?order=changed&cursor=${String(anew)}`)).status).toBe(200);
    });
  });
});
