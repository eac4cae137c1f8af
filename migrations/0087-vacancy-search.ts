import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is published, apart from the walls, where its words can be looked up in an index. */
export class VacancySearch1764000000087 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(String.raw`
      ALTER TABLE vacancies.vacancy DROP COLUMN search;

      -- The same letters for whatever is written with accents or without, with one kind of apostrophe or another, for
      -- a woman or a man, or for both (chargé·e, chargé.e): on both sides, texts and what is looked for in them.
      CREATE OR REPLACE FUNCTION vacancies.plain(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(lower(
            regexp_replace(
              normalize(replace(replace(replace(replace(value, 'Œ', 'oe'), 'œ', 'oe'), 'Æ', 'ae'), 'æ', 'ae'), NFKD),
              '[\u0300-\u036f]', '', 'g')),
            '’ʼ«»“”.·•‧/_@:', '''''""""        '),
          '(\w)-(?=\w)', '\1 ', 'g'),
          -- What the stemmer knows by its accent only: employée, infirmière.
          'ee(s?)\M', 'e\1', 'g'), 'iere(s?)\M', 'ier\1', 'g'),
          -- What it does not know: directrice, acheteuse, cheffe; that les says nothing, nor the e of chargé(e).
          '(trice|teuse)(s?)\M', 'teur\2', 'g'), '\mcheffe', 'chef', 'g'), '\m(les|e)\M', '', 'g')
      $$;
      CREATE FUNCTION vacancies.words(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT to_tsvector('pg_catalog.french', vacancies.plain(value))
      $$;
      CREATE FUNCTION vacancies.sought(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT websearch_to_tsquery('pg_catalog.french', vacancies.plain(value))
      $$;
      GRANT EXECUTE ON FUNCTION vacancies.sought(text) TO sceau_app;

      -- One row for each vacancy that everybody may see. Behind row-level security no index can be asked for words:
      -- what PostgreSQL does not know to be leakproof, as @@ is not, it does after the policies, row by row.
      CREATE TABLE vacancies.posting (
        vacancy_id uuid PRIMARY KEY REFERENCES vacancies.vacancy ON DELETE CASCADE,
        agency_id uuid NOT NULL,
        department text NOT NULL,
        category text NOT NULL,
        contract text NOT NULL,
        remote text NOT NULL,
        deadline timestamptz NOT NULL,
        time_zone text NOT NULL,
        published_at timestamptz NOT NULL,
        title_words tsvector NOT NULL,
        words tsvector NOT NULL
      );
      CREATE INDEX ON vacancies.posting USING gin (title_words);
      CREATE INDEX ON vacancies.posting USING gin (words);
      CREATE INDEX ON vacancies.posting (published_at DESC, vacancy_id DESC);
      CREATE INDEX ON vacancies.posting (department, published_at DESC, vacancy_id DESC);
      CREATE INDEX ON vacancies.posting (agency_id, published_at DESC, vacancy_id DESC);
      GRANT SELECT ON vacancies.posting TO sceau_app;

      CREATE FUNCTION vacancies.keep_posting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog AS $$
        BEGIN
          DELETE FROM vacancies.posting WHERE vacancy_id = NEW.id;
          IF NEW.status = 'published' AND NEW.mode = 'live' THEN
            INSERT INTO vacancies.posting
            VALUES (NEW.id, NEW.agency_id, NEW.department, NEW.category, NEW.contract, NEW.remote, NEW.deadline,
                    NEW.time_zone, NEW.published_at, vacancies.words(NEW.title), vacancies.words(NEW.title || ' ' || NEW.description));
          END IF;
          RETURN NULL;
        END
      $$;
      REVOKE ALL ON FUNCTION vacancies.keep_posting() FROM PUBLIC;
      CREATE TRIGGER keep_posting AFTER INSERT OR UPDATE ON vacancies.vacancy
        FOR EACH ROW EXECUTE FUNCTION vacancies.keep_posting();

      SELECT set_config('sceau.scope', 'system', true);
      INSERT INTO vacancies.posting
      SELECT id, agency_id, department, category, contract, remote, deadline, time_zone, published_at,
             vacancies.words(title), vacancies.words(title || ' ' || description)
      FROM vacancies.vacancy WHERE status = 'published' AND mode = 'live';
      SELECT set_config('sceau.scope', '', true);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
