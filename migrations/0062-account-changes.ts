import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What waits for somebody: a new authenticator or address for its proof, a request for the worker. */
export class AccountChanges1764000000062 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identity.pending_change (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('totp', 'address')),
        change bytea NOT NULL CHECK (platform.is_sealed(change)),
        expires_at timestamptz NOT NULL,
        UNIQUE (account_id, kind)
      );
      CREATE INDEX ON identity.pending_change (expires_at);

      CREATE TABLE identity.request (
        id uuid PRIMARY KEY,
        content bytea NOT NULL CHECK (platform.is_sealed(content)),
        created_at timestamptz NOT NULL
      );

      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.pending_change TO sceau_app;
      GRANT SELECT, INSERT, UPDATE (content), DELETE ON identity.request TO sceau_app;

      ALTER TABLE identity.pending_change ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.pending_change FORCE ROW LEVEL SECURITY;
      ALTER TABLE identity.request ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.request FORCE ROW LEVEL SECURITY;
      CREATE POLICY identity ON identity.pending_change
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
      CREATE POLICY identity ON identity.request
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));

      SELECT platform.fence_sealed('identity.pending_change', 'NEW.account_id', ARRAY['change']);
      SELECT platform.fence_sealed('identity.request', $owner$ '01900000-0000-7000-8000-000000000001'::uuid $owner$, ARRAY['content']);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
