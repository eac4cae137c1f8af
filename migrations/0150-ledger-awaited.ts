import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When what is not in the tree yet was staged, for whoever has to know that an answer may lack something. */
export class LedgerAwaited1764000000150 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      CREATE VIEW audit.awaited AS SELECT staged_at FROM audit.staging;
      GRANT SELECT ON audit.awaited TO sceau_auditor;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
