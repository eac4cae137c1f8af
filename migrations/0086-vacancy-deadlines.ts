import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which clocks a deadline is told. */
export class VacancyDeadlines1764000000086 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE vacancies.vacancy ADD COLUMN time_zone text NOT NULL DEFAULT 'Europe/Paris';
      SELECT set_config('sceau.scope', 'system', true);
      UPDATE vacancies.vacancy SET time_zone = zone
      FROM (VALUES ('971', 'America/Guadeloupe'), ('972', 'America/Martinique'), ('973', 'America/Cayenne'),
                   ('974', 'Indian/Reunion'), ('976', 'Indian/Mayotte')) AS overseas (code, zone)
      WHERE department = code;
      SELECT set_config('sceau.scope', '', true);
      ALTER TABLE vacancies.vacancy ALTER COLUMN time_zone DROP DEFAULT;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
