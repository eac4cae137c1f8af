import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An answer is kept in the transaction of what it answers: there is no row without one. */
export class IdempotentAnswers1764000000095 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SELECT set_config('sceau.scope', 'system', true);
      DELETE FROM platform.idempotency WHERE answer IS NULL;
      SELECT set_config('sceau.scope', '', true);
      ALTER TABLE platform.idempotency
        ALTER COLUMN answer SET NOT NULL,
        DROP COLUMN status,
        DROP COLUMN started_at;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
