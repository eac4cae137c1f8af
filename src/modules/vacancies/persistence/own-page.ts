import type { Statement } from '../../../platform/database/database.js';
import type { Vacancy } from '../vacancy.js';

/** A vacancy with what its agency is known by. */
export interface OwnRow extends Vacancy {
  /** Of the agency's mode, which is the vacancy's too. */
  readonly modeMac: Buffer;
}

const pageOf = (name: string, condition: string): Statement => ({
  name,
  text: `
    SELECT v.id, v.agency_id AS "agencyId", a.name AS "agencyName", v.mode, a.mode_mac AS "modeMac", v.status,
      v.title, v.description, v.department, v.category, v.contract, v.remote, v.deadline, v.time_zone AS "timeZone",
      v.openings, v.questions, v.required_documents AS "requiredDocuments", v.anonymous_review AS "anonymousReview",
      v.created_at AS "createdAt", v.published_at AS "publishedAt", v.revision
    FROM vacancies.vacancy AS v JOIN agencies.agency AS a ON a.id = v.agency_id
    WHERE v.agency_id = $1 ${condition} ORDER BY v.created_at DESC, v.id DESC LIMIT $2`,
});

/** An agency's vacancies, newest first: $1 the agency, $2 how many. */
export const FIRST_PAGE = pageOf('own-vacancies', '');
/** Those after one: $3 when it was created, $4 its id. */
export const NEXT_PAGE = pageOf('own-vacancies-after', 'AND (v.created_at, v.id) < ($3, $4)');
