import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was told of an incident is told again once more of theirs was exposed. */
export class ToldAgain1764000000135 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE incidents.notice RENAME COLUMN created_at TO told_at;
      -- How often; of two runs that would write to somebody at once the quicker does. MACs of before are over a 1.
      ALTER TABLE incidents.notice ADD COLUMN revision integer NOT NULL DEFAULT 1;
      ALTER TABLE incidents.notice ALTER COLUMN revision DROP DEFAULT;
      GRANT UPDATE (told_at, revision, mac) ON incidents.notice TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
