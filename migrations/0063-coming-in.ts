import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lies between a request to come in and an account: sign-ups that wait, passwords that wait, who is staff. */
export class ComingIn1764000000063 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row for each sign-up that was asked for, whether or not the address is known: who asks leaves it, the worker
      -- reads it. Sealed under the installation, since it belongs to nobody yet.
      CREATE TABLE identity.registration_request (
        id uuid PRIMARY KEY,
        content bytea NOT NULL CHECK (platform.is_sealed(content)),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX ON identity.registration_request (expires_at);

      -- The password that was asked for with the link that is out, and the hash of that link's token beside it: it becomes
      -- the account's when that link, and no other, is confirmed.
      CREATE TABLE identity.pending_password (
        account_id uuid PRIMARY KEY REFERENCES identity.account ON DELETE CASCADE,
        content bytea NOT NULL CHECK (platform.is_sealed(content)),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX ON identity.pending_password (expires_at);

      -- Which accounts to look at for a list of staff. It gives nobody a role: that is in the account, sealed.
      CREATE TABLE identity.staff (
        account_id uuid PRIMARY KEY REFERENCES identity.account ON DELETE CASCADE,
        invited_at timestamptz NOT NULL
      );

      SELECT platform.fence_sealed('identity.registration_request',
        $owner$ '01900000-0000-7000-8000-000000000001'::uuid $owner$, ARRAY['content']);
      SELECT platform.fence_sealed('identity.pending_password', 'NEW.account_id', ARRAY['content']);

      GRANT SELECT, INSERT, DELETE ON identity.registration_request TO sceau_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.pending_password TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON identity.staff TO sceau_app;
      -- A key that is rotated is renewed here too.
      GRANT UPDATE (content) ON identity.registration_request TO sceau_app;

      ALTER TABLE identity.registration_request ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.registration_request FORCE ROW LEVEL SECURITY;
      ALTER TABLE identity.pending_password ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.pending_password FORCE ROW LEVEL SECURITY;
      ALTER TABLE identity.staff ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.staff FORCE ROW LEVEL SECURITY;
      -- Who asks for an account leaves a request and can read none back.
      CREATE POLICY ask ON identity.registration_request FOR INSERT
        WITH CHECK (current_setting('sceau.scope', true) IN ('identity', 'system'));
      CREATE POLICY admit ON identity.registration_request USING (current_setting('sceau.scope', true) = 'system');
      CREATE POLICY identity ON identity.pending_password USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
      CREATE POLICY identity ON identity.staff USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
