import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Vacancies close by themselves, and not under the hands of whoever is submitting. */
export class VacancyClosing1764000000085 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX ON vacancies.vacancy (deadline) WHERE status = 'published';

      -- Whoever submits holds the vacancy as it is (FOR SHARE), for which PostgreSQL asks for the right to change it.
      CREATE POLICY held ON vacancies.vacancy FOR UPDATE
        USING (current_setting('sceau.scope', true) = 'candidate' AND status <> 'draft')
        WITH CHECK (current_setting('sceau.scope', true) <> 'candidate');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
