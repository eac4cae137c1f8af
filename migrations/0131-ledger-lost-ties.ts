import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a verifier needs to find ties between candidates and the ledger that somebody has removed. */
export class LedgerLostTies1764000000131 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      -- Where an entry gave something of somebody whom nothing ties to the ledger any more, though no entry says that
      -- they were erased. What comes after an erasure gives nothing.
      CREATE VIEW audit.untied AS
        SELECT r.leaf_index, r.at FROM audit.subject_record r JOIN audit.entry e ON e.leaf_index = r.leaf_index
        WHERE e.outcome = 'allowed' AND position('"fields":[]'::bytea IN r.record) = 0
          AND NOT EXISTS (SELECT FROM audit.subject_reference s WHERE s.reference = r.subject)
          AND NOT EXISTS (SELECT FROM audit.subject_record o JOIN audit.entry g ON g.leaf_index = o.leaf_index
                          WHERE o.subject = r.subject AND g.action = 'candidate.erased' AND g.outcome = 'allowed');
      GRANT SELECT ON audit.untied TO sceau_auditor;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
