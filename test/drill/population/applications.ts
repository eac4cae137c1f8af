import { type CandidateId, newId } from '../../../src/kernel/ids.js';
import { ANSWERS, MOTIVATION, SNAPSHOT } from '../../../src/modules/applications/persistence/places.js';
import { ApplicationRecords } from '../../../src/modules/applications/index.js';
import type { SentDocument } from '../../../src/modules/documents/index.js';
import { type Place, Sealer } from '../../../src/sealing/index.js';
import { everywhere, insertMany } from './bulk-insert.ts';
import type { Candidate, Ground } from './candidate.ts';
import { type Person, personOf } from './person.ts';

/** Each one's application, submitted and as far as it has come, sealed by the product. */
export async function writeApplications(
  { app, database }: Ground,
  candidates: readonly Candidate[],
  documents: ReadonlyMap<CandidateId, SentDocument>,
): Promise<void> {
  const sealer = app.get(Sealer, { strict: false });
  const sealed = <T>(
    place: Place<T>,
    valueOf: (person: Person, id: CandidateId) => T,
  ): Promise<readonly Buffer[]> =>
    Promise.all(
      candidates.map(({ id, application, person }) =>
        sealer.seal(place, { subject: id, row: application }, valueOf(personOf(person), id)),
      ),
    );
  const now = everywhere(candidates, new Date());
  const own = {
    candidate_id: ['uuid', candidates.map(({ id }) => id)],
    agency_id: ['uuid', candidates.map(({ agency }) => agency)],
  } as const;
  const records = app.get(ApplicationRecords, { strict: false });
  const macs = candidates.map(async ({ id, application, agency, vacancy, status }) => {
    const { mac } = await records.underWay({
      id: application,
      candidateId: id,
      vacancyId: vacancy,
      agencyId: agency,
      mode: 'live',
      status,
      anonymousReview: false,
      answerBy: null,
    });
    return mac;
  });
  await insertMany(database, 'applications.application', {
    ...own,
    id: ['uuid', candidates.map(({ application }) => application)],
    vacancy_id: ['uuid', candidates.map(({ vacancy }) => vacancy)],
    mode: ['text', everywhere(candidates, 'live')],
    status: ['text', candidates.map(({ status }) => status)],
    attempt: ['smallint', everywhere(candidates, 1)],
    anonymous_review: ['boolean', everywhere(candidates, false)],
    motivation: ['bytea', await sealed(MOTIVATION, ({ motivation }) => motivation)],
    answers: ['bytea', await sealed(ANSWERS, ({ answers }) => answers)],
    snapshot: [
      'bytea',
      await sealed(SNAPSHOT, ({ snapshot }, id) => ({
        ...snapshot,
        documents: [documents.get(id) ?? []].flat(),
      })),
    ],
    created_at: ['timestamptz', now],
    submitted_at: ['timestamptz', now],
    updated_at: ['timestamptz', now],
    revision: ['integer', everywhere(candidates, 2)],
    record_revision: ['integer', everywhere(candidates, 0)],
    mac: ['bytea', await Promise.all(macs)],
  });
  await insertMany(database, 'applications.event', {
    ...own,
    id: ['uuid', candidates.map(() => newId<'event'>(Date.now()))],
    application_id: ['uuid', candidates.map(({ application }) => application)],
    at: ['timestamptz', now],
    from_status: ['text', everywhere(candidates, 'draft')],
    to_status: ['text', everywhere(candidates, 'submitted')],
    actor_kind: ['text', everywhere(candidates, 'candidate')],
  });
}
