import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Consents: every decision that a candidate has made stays, in the order in which they were made. */
export class Consents1764000000106 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What was decided is sealed with its time and wording; the row says that something was.
      CREATE TABLE privacy.consent (
        id uuid PRIMARY KEY,
        candidate_id uuid NOT NULL,
        decision bytea NOT NULL CHECK (platform.is_sealed(decision)),
        created_at timestamptz NOT NULL
      );
      CREATE INDEX ON privacy.consent (candidate_id, id);
      SELECT platform.fence_sealed('privacy.consent', 'NEW.candidate_id', ARRAY['decision']);

      -- A key that is renewed is renewed here too; nothing else changes a decision that was made.
      GRANT SELECT, INSERT, DELETE ON privacy.consent TO sceau_app;
      GRANT UPDATE (decision) ON privacy.consent TO sceau_app;
      ALTER TABLE privacy.consent ENABLE ROW LEVEL SECURITY;
      ALTER TABLE privacy.consent FORCE ROW LEVEL SECURITY;
      -- The candidate alone.
      CREATE POLICY own ON privacy.consent
        USING (current_setting('sceau.scope', true) = 'candidate'
               AND candidate_id = nullif(current_setting('sceau.candidate_id', true), '')::uuid);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
