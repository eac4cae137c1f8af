import { ApplicationRecords } from '../../src/modules/applications/index.js';
import type { ApplicationEntity } from '../../src/modules/applications/persistence/application.entity.js';
import type { Sceau } from './sceau.js';

type Content = Parameters<ApplicationRecords['underWay']>[0];

/** What a row carries that a test writes to the database itself. */
export function stampOf({ app }: Pick<Sceau, 'app'>, content: Content): Promise<Stamp> {
  return app.get(ApplicationRecords, { strict: false }).underWay(content);
}

type Stamp = Pick<ApplicationEntity, 'recordRevision' | 'mac'>;

/** Has applications that a test has written or changed in the database count as the product's own. */
export async function makeGenuine(sceau: Sceau, ids: readonly string[]): Promise<void> {
  const rows = await sceau.database.query<Content>(
    `SELECT id, candidate_id AS "candidateId", vacancy_id AS "vacancyId", agency_id AS "agencyId", mode, status,
            anonymous_review AS "anonymousReview", answer_by AS "answerBy"
     FROM applications.application WHERE id = ANY($1)`,
    [ids],
  );
  for (const row of rows) {
    const { recordRevision, mac } = await stampOf(sceau, row);
    await sceau.database.query(
      'UPDATE applications.application SET record_revision = $2, mac = $3 WHERE id = $1',
      [row.id, recordRevision, mac],
    );
  }
}
