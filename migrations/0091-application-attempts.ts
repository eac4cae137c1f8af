import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which of a candidate's applications for its vacancy each is, so that no two can be the same one. */
export class ApplicationAttempts1764000000091 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SELECT set_config('sceau.scope', 'system', true);
      ALTER TABLE applications.application ADD COLUMN attempt smallint NOT NULL DEFAULT 1 CHECK (attempt > 0);
      UPDATE applications.application AS a SET attempt = n.attempt
      FROM (SELECT id, row_number() OVER (PARTITION BY candidate_id, vacancy_id ORDER BY created_at, id) AS attempt
            FROM applications.application) AS n
      WHERE n.id = a.id;
      CREATE UNIQUE INDEX one_application_an_attempt ON applications.application (candidate_id, vacancy_id, attempt);
      SELECT set_config('sceau.scope', '', true);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
