import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Offers that wait for their answer are found by when it is due, and reminded of once. */
export class OfferDeadlines1764000000092 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE applications.application
        ADD COLUMN reminded_at timestamptz CHECK (reminded_at IS NULL OR answer_by IS NOT NULL);
      CREATE INDEX offers_due ON applications.application (answer_by) WHERE status = 'offered';
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
