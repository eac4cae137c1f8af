import type { INestApplicationContext } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Disclosure } from '../../../src/disclosure/index.js';
import { Clock } from '../../../src/kernel/clock.js';
import type { AgencyActor, RequestContext } from '../../../src/kernel/context.js';
import {
  type AgencyId,
  type ApplicationId,
  type ClientId,
  newId,
  parseId,
  type VacancyId,
} from '../../../src/kernel/ids.js';
import { Ledger, LedgerEpoch } from '../../../src/ledger/index.js';
import { Agencies } from '../../../src/modules/agencies/index.js';
import { Allowances } from '../../../src/modules/applications/allowances.js';
import { ApplicationChanges } from '../../../src/modules/applications/application-changes.js';
import {
  ApplicationDisclosures,
  ApplicationRecords,
  ReceivedApplications,
  ReceivedLists,
} from '../../../src/modules/applications/index.js';
import { SubmissionObservers, Vacancies, VacancyLookup } from '../../../src/modules/vacancies/index.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { Database, type Statement } from '../../../src/platform/database/database.js';
import { CursorCodec } from '../../../src/platform/http/index.js';
import { IndexKeys } from '../../../src/sealing/index.js';
import { type Populated, startPopulated } from '../../support/populated.js';
import { rowsOf, stateOfAgencies } from './owned-rows.js';

/** A database that is told whose transactions these are by somebody else than the service. */
class DatabaseOf extends Database {
  readonly #agencyId: AgencyId;

  constructor(app: INestApplicationContext, agencyId: AgencyId) {
    super(app.get(DataSource), app.get(Settings, { strict: false }));
    this.#agencyId = agencyId;
  }

  override run<T>(_: unknown, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return super.run({ kind: 'agency', agencyId: this.#agencyId }, work);
  }

  override read<Row extends object>(_: unknown, statement: Statement, values: readonly unknown[]) {
    return super.read<Row>({ kind: 'agency', agencyId: this.#agencyId }, statement, values);
  }
}

/**
 * Row-level security alone. The services are given the other agency as the caller, so that each of their own
 * conditions holds for the other's rows, as if there were none; the transaction is still that of ours.
 */
describe('what the database hides, whatever a service forgets,', () => {
  let populated: Populated;
  let ours: AgencyId;
  let vacancies: Vacancies;
  let lookup: VacancyLookup;
  let received: ReceivedApplications;
  let lists: ReceivedLists;
  let disclosures: ApplicationDisclosures;
  let theirVacancies: readonly VacancyId[];
  let theirApplications: readonly ApplicationId[];
  let asTheirs: RequestContext<AgencyActor>;

  const contextOf = (agencyId: AgencyId): RequestContext<AgencyActor> => ({
    requestId: newId<'request'>(Date.now()),
    actor: {
      kind: 'agency',
      agencyId,
      clientId: newId<'client'>(Date.now()) satisfies ClientId,
      scopes: ['vacancies:read', 'vacancies:write', 'applications:read', 'applications:decide'],
    },
    locale: 'fr',
    address: '127.0.0.1',
  });

  beforeAll(async () => {
    populated = await startPopulated();
    const { app, database: rows } = populated.sceau;
    const [one, other] = populated.agencies;
    ours = one.agencyId;
    asTheirs = contextOf(other.agencyId);
    const database = new DatabaseOf(app, ours);
    const [agencies, ledger, cursors, keys] = [
      app.get(Agencies, { strict: false }),
      app.get(Ledger, { strict: false }),
      app.get(CursorCodec, { strict: false }),
      app.get(IndexKeys, { strict: false }),
    ];
    const observers = app.get(SubmissionObservers, { strict: false });
    vacancies = new Vacancies(database, agencies, ledger, app.get(Clock, { strict: false }), observers);
    lookup = new VacancyLookup(database, agencies, cursors, ledger);
    const changes = app.get(ApplicationChanges, { strict: false });
    const records = app.get(ApplicationRecords, { strict: false });
    received = new ReceivedApplications(database, keys, ledger, changes, records);
    const epoch = app.get(LedgerEpoch, { strict: false });
    lists = new ReceivedLists(database, ledger, epoch, cursors, received, records);
    const allowances = app.get(Allowances, { strict: false });
    disclosures = new ApplicationDisclosures(
      received,
      app.get(Disclosure, { strict: false }),
      ledger,
      allowances,
    );
    const owned = await rowsOf(rows, other.agencyId);
    const idsIn = (table: string) => owned.filter((row) => row.table === table).map(({ id }) => id);
    theirVacancies = idsIn('vacancies.vacancy').flatMap((id) => parseId<VacancyId>(id) ?? []);
    theirApplications = idsIn('applications.application').flatMap((id) => parseId<ApplicationId>(id) ?? []);
  }, 90_000);

  afterAll(() => populated.sceau.stop());

  it('is each vacancy of another, from reading, changing and moving', async () => {
    expect(theirVacancies.length).toBeGreaterThanOrEqual(3);
    const before = await stateOfAgencies(populated.sceau.database);
    for (const id of theirVacancies) {
      const attempts = [
        () => lookup.ownOne(asTheirs, id),
        () => vacancies.change(asTheirs, id, 1, { openings: 9 }),
        ...(['publish', 'close', 'archive'] as const).map(
          (move) => () => vacancies.move(asTheirs, id, 1, move),
        ),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await lookup.own(asTheirs, { limit: 100 })).items).toEqual([]);
    expect(await stateOfAgencies(populated.sceau.database)).toEqual(before);
  });

  it('is a place among another’s vacancies', async () => {
    const content = {
      title: 'Archiviste',
      description: 'Chez un autre.',
      department: '29',
      category: 'A',
      contract: 'open_ended',
      remote: 'none',
      deadline: new Date('2099-01-01T00:00:00Z'),
      openings: 1,
      questions: [],
      requiredDocuments: [],
      anonymousReview: false,
    } as const;
    await expect(vacancies.create(asTheirs, content)).rejects.toMatchObject({ code: '42501' });
  });

  it('is all that stands there: with the transaction of the other agency the same services find its rows', async () => {
    const { app } = populated.sceau;
    const database = new DatabaseOf(app, asTheirs.actor.agencyId);
    const [agencies, cursors, ledger] = [
      app.get(Agencies, { strict: false }),
      app.get(CursorCodec, { strict: false }),
      app.get(Ledger, { strict: false }),
    ];
    const found = await new VacancyLookup(database, agencies, cursors, ledger).own(asTheirs, { limit: 100 });
    expect(found.items.map(({ id }) => id).toSorted()).toEqual(theirVacancies.toSorted());
  });

  it('is each application of another, from listing, reading and deciding', async () => {
    expect(theirApplications.length).toBeGreaterThanOrEqual(1);
    const before = await stateOfAgencies(populated.sceau.database);
    expect((await lists.newest(asTheirs, {}, { limit: 100 })).items).toEqual([]);
    expect((await lists.changes(asTheirs, {}, { limit: 100 })).items).toEqual([]);
    expect(await lists.counts(asTheirs)).toEqual(new Map());
    for (const id of theirApplications) {
      const attempts = [
        () => disclosures.one(asTheirs, id, { purpose: 'review' }),
        () => received.move(asTheirs, id, 2, { to: 'shortlisted' }),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    }
    const answers = await disclosures.many(asTheirs, theirApplications, { purpose: 'review' });
    expect(answers).toEqual(theirApplications.map((id) => ({ id, release: 'not_found' })));
    expect(await stateOfAgencies(populated.sceau.database)).toEqual(before);
  });
});
