import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a client is used to read, and by whom else a candidate was read. */
export class ReadingHistory1764000000123 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX ON disclosure.spent (client_id, hour);
      CREATE INDEX ON disclosure.spent (candidate_id, hour);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
