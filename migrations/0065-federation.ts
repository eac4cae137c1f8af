import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is known elsewhere under which identity, each a security record, and the one-time states on the way there. */
export class Federation1764000000065 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identity.federated_identity (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
        provider text NOT NULL CHECK (provider IN ('proconnect', 'franceconnect')),
        -- Keyed hash of issuer and subject, which are sealed.
        identity_index bytea NOT NULL UNIQUE CHECK (octet_length(identity_index) = 32),
        identity bytea NOT NULL CHECK (platform.is_sealed(identity)),
        created_at timestamptz NOT NULL,
        revision integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32),
        UNIQUE (account_id, provider)
      );

      CREATE TABLE identity.federation_state (
        id uuid PRIMARY KEY,
        purpose text NOT NULL CHECK (purpose IN ('sign_in', 'link', 'ticket')),
        provider text NOT NULL CHECK (provider IN ('proconnect', 'franceconnect')),
        account_id uuid REFERENCES identity.account ON DELETE CASCADE,
        -- Keyed hash of the token and the browser that it was given to; the token itself says when it ends.
        token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
        mac bytea NOT NULL CHECK (octet_length(mac) = 32),
        expires_at timestamptz NOT NULL,
        CHECK ((purpose = 'sign_in') = (account_id IS NULL))
      );
      CREATE INDEX ON identity.federation_state (account_id);
      CREATE INDEX ON identity.federation_state (expires_at);

      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.federated_identity, identity.federation_state TO sceau_app;

      ALTER TABLE identity.federated_identity ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.federated_identity FORCE ROW LEVEL SECURITY;
      ALTER TABLE identity.federation_state ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.federation_state FORCE ROW LEVEL SECURITY;
      CREATE POLICY identity ON identity.federated_identity
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
      CREATE POLICY identity ON identity.federation_state
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));

      SELECT platform.fence_sealed('identity.federated_identity', 'NEW.account_id', ARRAY['identity']);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
