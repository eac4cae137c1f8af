import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recruiting agencies, their OAuth clients, and what the authorization server keeps. */
export class Agencies1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA agencies;
      CREATE SCHEMA oauth;
      GRANT USAGE ON SCHEMA agencies, oauth TO sceau_app;

      -- Public bodies: their names are public.
      CREATE TABLE agencies.agency (
        id uuid PRIMARY KEY,
        name text NOT NULL CHECK (length(name) BETWEEN 2 AND 200),
        created_at timestamptz NOT NULL
      );

      -- Keys and scopes are sealed and bound to this row and this agency. A row counts as long as its MAC is right and
      -- its revision is the one that the key store knows: a planted client opens nothing, and a suspension can be
      -- lifted neither by changing the column nor by putting the old row back.
      CREATE TABLE agencies.client (
        id uuid PRIMARY KEY,
        agency_id uuid NOT NULL REFERENCES agencies.agency,
        status text NOT NULL CHECK (status IN ('active', 'suspended')),
        metadata bytea NOT NULL CHECK (platform.is_sealed(metadata)),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        revision integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32)
      );
      CREATE INDEX ON agencies.client (agency_id);

      -- Access tokens by the hash of their value; what they allow is sealed.
      CREATE TABLE oauth.record (
        id uuid PRIMARY KEY,
        digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
        client_id uuid NOT NULL REFERENCES agencies.client,
        payload bytea NOT NULL CHECK (platform.is_sealed(payload)),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX ON oauth.record (client_id);
      CREATE INDEX ON oauth.record (expires_at);

      -- Every assertion and proof that was accepted, until it would have expired.
      CREATE TABLE oauth.replay (
        digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX ON oauth.replay (expires_at);

      -- The server's keys: the present one, and those before it for as long as they are published.
      CREATE TABLE oauth.signing_key (
        row_id uuid PRIMARY KEY,
        jwk bytea NOT NULL CHECK (platform.is_sealed(jwk)),
        created_at timestamptz NOT NULL,
        retires_at timestamptz CHECK (retires_at >= created_at)
      );

      GRANT SELECT, INSERT ON agencies.agency TO sceau_app;
      GRANT SELECT, INSERT ON agencies.client TO sceau_app;
      GRANT UPDATE (status, metadata, updated_at, revision, mac) ON agencies.client TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON oauth.record TO sceau_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON oauth.replay TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON oauth.signing_key TO sceau_app;
      GRANT UPDATE (retires_at) ON oauth.signing_key TO sceau_app;

      ALTER TABLE agencies.agency ENABLE ROW LEVEL SECURITY;
      ALTER TABLE agencies.agency FORCE ROW LEVEL SECURITY;
      CREATE POLICY named ON agencies.agency FOR SELECT
        USING (current_setting('sceau.scope', true) IN ('public', 'candidate', 'system')
               OR id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY managed ON agencies.agency USING (current_setting('sceau.scope', true) = 'system');

      ALTER TABLE agencies.client ENABLE ROW LEVEL SECURITY;
      ALTER TABLE agencies.client FORCE ROW LEVEL SECURITY;
      CREATE POLICY managed ON agencies.client USING (current_setting('sceau.scope', true) = 'system');

      ALTER TABLE oauth.record ENABLE ROW LEVEL SECURITY;
      ALTER TABLE oauth.record FORCE ROW LEVEL SECURITY;
      CREATE POLICY served ON oauth.record USING (current_setting('sceau.scope', true) = 'system');
      ALTER TABLE oauth.replay ENABLE ROW LEVEL SECURITY;
      ALTER TABLE oauth.replay FORCE ROW LEVEL SECURITY;
      CREATE POLICY served ON oauth.replay USING (current_setting('sceau.scope', true) = 'system');
      ALTER TABLE oauth.signing_key ENABLE ROW LEVEL SECURITY;
      ALTER TABLE oauth.signing_key FORCE ROW LEVEL SECURITY;
      CREATE POLICY served ON oauth.signing_key USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
