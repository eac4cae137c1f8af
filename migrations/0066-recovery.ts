import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ways back for those who have lost everything they sign in with, each a security record for as long as it is open. */
export class Recovery1764000000066 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identity.recovery (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL UNIQUE REFERENCES identity.account ON DELETE CASCADE,
        status text NOT NULL CHECK (status IN ('asked', 'approved', 'ready')),
        asked_at timestamptz NOT NULL,
        -- When it goes on by itself: an approved one to its token, any other to its end.
        due_at timestamptz NOT NULL,
        -- The account's at the time: when that rises, the recovery is over.
        credential_epoch integer NOT NULL,
        revision integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32)
      );
      CREATE INDEX ON identity.recovery (due_at);

      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.recovery TO sceau_app;

      ALTER TABLE identity.recovery ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.recovery FORCE ROW LEVEL SECURITY;
      CREATE POLICY identity ON identity.recovery
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
