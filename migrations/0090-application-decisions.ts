import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an agency says to a step is sealed as one, its reason included; offers are answered by a moment. */
export class ApplicationDecisions1764000000090 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER fence_sealed ON applications.event;
      DROP FUNCTION platform.fence_applications_event();
      ALTER TABLE applications.event RENAME COLUMN note TO decision;
      ALTER TABLE applications.event DROP COLUMN reason;
      SELECT platform.fence_sealed('applications.event', 'NEW.candidate_id', ARRAY['decision']);

      ALTER TABLE applications.application
        ADD COLUMN answer_by timestamptz CHECK (answer_by IS NULL OR status <> 'draft');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
