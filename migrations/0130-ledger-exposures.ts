import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an incident's impact is found by: the key that a program has shown, sessions, origins, and whom references stand for. */
export class LedgerExposures1764000000130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      -- Thumbprint of the key that an agency's program has proven to hold.
      ALTER TABLE audit.entry ADD COLUMN key text;
      CREATE INDEX ON audit.entry (key, leaf_index DESC) WHERE key IS NOT NULL;
      CREATE INDEX ON audit.entry (session_id, leaf_index DESC) WHERE session_id IS NOT NULL;
      CREATE INDEX ON audit.entry (origin_address, leaf_index DESC);
      CREATE INDEX ON audit.entry (origin_network, leaf_index DESC);
      CREATE OR REPLACE VIEW audit.entries AS SELECT * FROM audit.entry;

      -- The candidates of these references; one whose tie was cut, or who never was, is not among them.
      CREATE FUNCTION audit.candidates_of(pseudonyms uuid[])
      RETURNS TABLE (candidate_id uuid, reference uuid, mark text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT s.candidate_id, s.reference, s.mark FROM audit.subject_reference s WHERE s.reference = ANY (pseudonyms);
      $$;

      REVOKE ALL ON FUNCTION audit.candidates_of(uuid[]) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.candidates_of(uuid[]) TO sceau_app;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
