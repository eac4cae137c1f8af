import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Applications are security records: who may read one, and how much, is not for whoever can write to the database. */
export class ApplicationRecords1764000000132 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE applications.application
        -- 0 until its end: then the key store has the revision too, so that an ended one cannot be opened again.
        ADD COLUMN record_revision integer NOT NULL CHECK (record_revision >= 0),
        ADD COLUMN mac bytea NOT NULL CHECK (octet_length(mac) = 32);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
