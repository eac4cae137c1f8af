import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Vacancies are public, so they are in clear and can be searched. */
export class Vacancies1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA vacancies;
      GRANT USAGE ON SCHEMA vacancies TO sceau_app;

      -- Letters without their accents, whatever the database's locale makes of them, so that "éducation" is found by "education" and the other way round.
      CREATE FUNCTION vacancies.plain(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT translate(replace(replace(lower(value), 'œ', 'oe'), 'æ', 'ae'), 'àâäáãåçéèêëíìîïñóòôöõúùûüýÿÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸ’', 'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy''')
      $$;
      GRANT EXECUTE ON FUNCTION vacancies.plain(text) TO sceau_app;

      CREATE TABLE vacancies.vacancy (
        id uuid PRIMARY KEY,
        agency_id uuid NOT NULL REFERENCES agencies.agency,
        status text NOT NULL CHECK (status IN ('draft', 'published', 'closed', 'archived')),
        title text NOT NULL CHECK (length(title) BETWEEN 3 AND 200),
        description text NOT NULL CHECK (length(description) <= 20000),
        department text NOT NULL,
        category text NOT NULL CHECK (category IN ('A', 'B', 'C')),
        contract text NOT NULL,
        remote text NOT NULL CHECK (remote IN ('none', 'partial', 'full')),
        deadline timestamptz NOT NULL,
        openings integer NOT NULL CHECK (openings BETWEEN 1 AND 1000),
        questions jsonb NOT NULL,
        anonymous_review boolean NOT NULL,
        created_at timestamptz NOT NULL,
        published_at timestamptz,
        revision integer NOT NULL DEFAULT 1,
        search tsvector GENERATED ALWAYS AS (
          setweight(to_tsvector('french', vacancies.plain(title)), 'A') || to_tsvector('french', vacancies.plain(description))
        ) STORED,
        CHECK (status = 'draft' OR published_at IS NOT NULL)
      );
      CREATE INDEX ON vacancies.vacancy USING gin (search);
      CREATE INDEX ON vacancies.vacancy (published_at DESC, id DESC) WHERE status = 'published';
      CREATE INDEX ON vacancies.vacancy (agency_id, created_at DESC, id DESC);

      GRANT SELECT, INSERT, UPDATE ON vacancies.vacancy TO sceau_app;

      ALTER TABLE vacancies.vacancy ENABLE ROW LEVEL SECURITY;
      ALTER TABLE vacancies.vacancy FORCE ROW LEVEL SECURITY;
      CREATE POLICY published ON vacancies.vacancy FOR SELECT
        USING (current_setting('sceau.scope', true) = 'public' AND status = 'published');
      -- A candidate keeps seeing what they have applied for after it was closed.
      CREATE POLICY applied_for ON vacancies.vacancy FOR SELECT
        USING (current_setting('sceau.scope', true) = 'candidate' AND status <> 'draft');
      CREATE POLICY own ON vacancies.vacancy
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY all_of_them ON vacancies.vacancy USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
