import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a mail is tried, by its own row: whatever the tables of jobs say, it is. */
export class TriesOfMail1764000000155 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE platform.outgoing_mail ADD COLUMN tries integer NOT NULL DEFAULT 0,
        -- NULL before the first.
        ADD COLUMN next_try_at timestamptz;
      GRANT UPDATE (tries, next_try_at) ON platform.outgoing_mail TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
