import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passkeys, each a security record, and the challenges that they answer. */
export class Passkeys1764000000064 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identity.passkey (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
        -- Keyed hash of the credential's id, which is sealed with the public key.
        credential_index bytea NOT NULL UNIQUE CHECK (octet_length(credential_index) = 32),
        credential bytea NOT NULL CHECK (platform.is_sealed(credential)),
        counter bigint NOT NULL CHECK (counter BETWEEN 0 AND 4294967295),
        created_at timestamptz NOT NULL,
        last_used_at timestamptz,
        revision integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32)
      );
      CREATE INDEX ON identity.passkey (account_id);

      CREATE TABLE identity.passkey_challenge (
        id uuid PRIMARY KEY,
        purpose text NOT NULL CHECK (purpose IN ('registration', 'sign_in', 'step_up')),
        account_id uuid REFERENCES identity.account ON DELETE CASCADE,
        -- Keyed hash of purpose, account and challenge; the challenge itself says when it ends.
        challenge_hash bytea NOT NULL UNIQUE CHECK (octet_length(challenge_hash) = 32),
        expires_at timestamptz NOT NULL,
        CHECK ((purpose = 'registration') = (account_id IS NOT NULL))
      );
      CREATE INDEX ON identity.passkey_challenge (account_id);
      CREATE INDEX ON identity.passkey_challenge (expires_at);

      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.passkey TO sceau_app;
      -- Deleting the expired ones goes round those that somebody else is deleting, which takes a lock.
      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.passkey_challenge TO sceau_app;

      ALTER TABLE identity.passkey ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.passkey FORCE ROW LEVEL SECURITY;
      ALTER TABLE identity.passkey_challenge ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.passkey_challenge FORCE ROW LEVEL SECURITY;
      CREATE POLICY identity ON identity.passkey
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
      CREATE POLICY identity ON identity.passkey_challenge
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));

      SELECT platform.fence_sealed('identity.passkey', 'NEW.account_id', ARRAY['credential']);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
