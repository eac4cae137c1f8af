import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Vacancies are found while somebody types: `biblio*` stands for all words that begin so. */
export class VacancyPrefixes1764000000088 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(String.raw`
      -- A star behind the last word, outside quotes and exclusions and behind three letters or more: the fewer letters,
      -- the more words would have to be looked up.
      CREATE OR REPLACE FUNCTION vacancies.sought(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN beginning IS NULL THEN websearch_to_tsquery('pg_catalog.french', plain)
          ELSE websearch_to_tsquery('pg_catalog.french', regexp_replace(plain, '\w+\*\s*$', ''))
            && to_tsquery('pg_catalog.french', beginning || ':*') END
        FROM (SELECT vacancies.plain(value) AS plain) AS written,
          LATERAL substring(plain from '(?:^|[\s''])(\w{3,})\*\s*$') AS beginning
      $$;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
