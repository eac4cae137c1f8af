import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, sessions, one-time tickets and the outbox of mail. Everything that logs somebody in is sealed or hashed. */
export class Identity1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA identity;
      GRANT USAGE ON SCHEMA identity TO sceau_app;

      CREATE TABLE identity.account (
        id uuid PRIMARY KEY,
        status text NOT NULL CHECK (status IN ('unconfirmed', 'invited', 'enrolling', 'active', 'suspended')),
        email bytea NOT NULL CHECK (platform.is_sealed(email)),
        email_index bytea NOT NULL UNIQUE CHECK (octet_length(email_index) = 32),
        role bytea NOT NULL CHECK (platform.is_sealed(role)),
        password_hash bytea NOT NULL CHECK (platform.is_sealed(password_hash)),
        totp_secret bytea CHECK (platform.is_sealed(totp_secret)),
        totp_step bigint NOT NULL DEFAULT 0,
        recovery_codes bytea CHECK (platform.is_sealed(recovery_codes)),
        locale text NOT NULL CHECK (locale IN ('fr', 'en')),
        created_at timestamptz NOT NULL,
        -- Which sessions and tickets still count: see docs/sealed-format.md.
        credential_epoch integer NOT NULL CHECK (credential_epoch >= 0),
        session_floors text[] NOT NULL,
        -- A row counts as long as its MAC is right and its revision is the one that the key store knows.
        revision integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32),
        CHECK (status <> 'active' OR (totp_secret IS NOT NULL AND recovery_codes IS NOT NULL))
      );

      CREATE TABLE identity.ticket (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
        purpose text NOT NULL CHECK (purpose IN
          ('confirmation', 'invitation', 'enrolment', 'password_reset', 'email_change_old', 'email_change_new',
           'recovery_stop', 'recovery')),
        token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
        expires_at timestamptz NOT NULL,
        credential_epoch integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32)
      );
      CREATE INDEX ON identity.ticket (account_id);
      CREATE INDEX ON identity.ticket (expires_at);

      CREATE TABLE identity.session (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
        token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
        transport text NOT NULL CHECK (transport IN ('cookie', 'token')),
        created_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        second_factor_at timestamptz NOT NULL,
        -- What a session may be used for, where that is not everything.
        limited_to text CHECK (limited_to IN ('totp_enrolment')),
        credential_epoch integer NOT NULL,
        -- Raised with each new token.
        revision integer NOT NULL CHECK (revision > 0),
        mac bytea NOT NULL CHECK (octet_length(mac) = 32)
      );
      CREATE INDEX ON identity.session (account_id);
      CREATE INDEX ON identity.session (created_at);

      CREATE TABLE platform.outgoing_mail (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL,
        message bytea NOT NULL CHECK (platform.is_sealed(message)),
        created_at timestamptz NOT NULL
      );

      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.account, identity.ticket, identity.session TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON platform.outgoing_mail TO sceau_app;

      ALTER TABLE identity.account ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.account FORCE ROW LEVEL SECURITY;
      ALTER TABLE identity.ticket ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.ticket FORCE ROW LEVEL SECURITY;
      ALTER TABLE identity.session ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.session FORCE ROW LEVEL SECURITY;
      CREATE POLICY identity ON identity.account USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
      CREATE POLICY identity ON identity.ticket USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
      CREATE POLICY identity ON identity.session USING (current_setting('sceau.scope', true) IN ('identity', 'system'));

      -- A candidate's transaction queues their own mail and an agency's one to its candidate, but neither reads any.
      ALTER TABLE platform.outgoing_mail ENABLE ROW LEVEL SECURITY;
      ALTER TABLE platform.outgoing_mail FORCE ROW LEVEL SECURITY;
      CREATE POLICY enqueue ON platform.outgoing_mail FOR INSERT
        WITH CHECK (current_setting('sceau.scope', true) IN ('identity', 'system', 'candidate', 'agency'));
      CREATE POLICY deliver ON platform.outgoing_mail USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
