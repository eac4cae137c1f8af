import pg from 'pg';
import { newId } from '../ledger/rooms.ts';

/** So many are inserted by one statement. */
const BATCH = 1_000;

/**
 * Published vacancies of one agency, one a minute, newest last: every tenth has archives in its text, every hundredth in
 * its title too, every thousandth is a falconer's.
 */
export async function fill(
  ownerUrl: string,
  agency: string,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`SELECT set_config('sceau.scope', 'system', false)`);
    for (let from = 0; from < count; from += BATCH) {
      signal.throwIfAborted();
      const ids = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) =>
        newId((from + at) * 60_000),
      );
      await client.query(INSERT, [ids, from, agency]);
    }
    await client.query('ANALYZE vacancies.posting');
  } finally {
    await client.end();
  }
}

const INSERT = `
  INSERT INTO vacancies.vacancy (id, agency_id, mode, status, title, description, department, category, contract, remote,
    deadline, time_zone, openings, questions, required_documents, anonymous_review, created_at, published_at, revision)
  SELECT id, $3, 'live', 'published',
    CASE WHEN n % 1000 = 7 THEN 'Fauconnière ou fauconnier' ELSE
      (ARRAY['Infirmière ou infirmier', 'Juriste', 'Gestionnaire de paie', 'Chargée ou chargé de mission', 'Technicienne ou technicien'])[1 + n % 5]
    END || CASE WHEN n % 100 = 3 THEN ', archives' ELSE '' END,
    'Vous rejoignez une équipe de ' || n % 40 || ' personnes et contribuez à la qualité du service rendu aux usagers. '
      || 'Vous préparez les dossiers, suivez les échéances, rédigez des notes et rendez compte à votre responsable. '
      || CASE WHEN n % 10 = 3 THEN 'Vous classez les archives du service.' ELSE 'Vous tenez les tableaux de bord.' END,
    (ARRAY['29', '35', '44', '59', '69', '75', '13', '33', '31', '971'])[1 + n % 10],
    (ARRAY['A', 'B', 'C'])[1 + n % 3],
    (ARRAY['permanent_civil_servant', 'fixed_term', 'open_ended', 'apprenticeship', 'internship'])[1 + n % 5],
    (ARRAY['none', 'partial', 'full'])[1 + n / 3 % 3],
    timestamptz '2099-01-01', 'Europe/Paris', 1, '[]', '{}', false, published, published, 1
  FROM unnest($1::uuid[]) WITH ORDINALITY AS one (id, at),
    LATERAL (SELECT $2::integer + at::integer - 1 AS n) AS numbered,
    LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 minute' AS published) AS moment`;
