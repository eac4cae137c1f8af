import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The roles and what every room stands on. Roles belong to the whole cluster, so they may exist already;
 * `prepare` gives the login roles their passwords.
 */
export class Foundation1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      DECLARE role_name text;
      BEGIN
        FOREACH role_name IN ARRAY ARRAY['sceau_app', 'sceau_auditor', 'sceau_sequencer', 'sceau_ledger'] LOOP
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role_name);
          END IF;
        END LOOP;
      END
      $$;

      DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$;
      DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO sceau_app, sceau_auditor, sceau_sequencer', current_database()); END $$;
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      -- PostgreSQL lets everybody execute a new function. Here each is granted by name.
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

      CREATE SCHEMA platform;
      GRANT USAGE ON SCHEMA platform TO sceau_app;

      -- The header and least length of a sealed field: no column takes clear text for one.
      CREATE FUNCTION platform.is_sealed(value bytea) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT octet_length(value) >= 98 AND get_byte(value, 0) = 197 AND get_byte(value, 1) = 1
      $$;
      GRANT EXECUTE ON FUNCTION platform.is_sealed(bytea) TO sceau_app;

      -- How a transaction ended; NULL for one of which that is not known any more, or that this history has never had.
      CREATE FUNCTION platform.transaction_outcome(id xid8) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        RETURN pg_xact_status(id);
      EXCEPTION WHEN invalid_parameter_value THEN
        RETURN NULL;
      END
      $$;
      GRANT EXECUTE ON FUNCTION platform.transaction_outcome(xid8) TO sceau_app;

      -- One row per Idempotency-Key and actor. The request's digest is keyed, so that no body can be guessed from it; the
      -- kept answer is sealed under the actor's own subject.
      CREATE TABLE platform.idempotency (
        id uuid PRIMARY KEY,
        actor text NOT NULL,
        key_digest bytea NOT NULL CHECK (octet_length(key_digest) = 32),
        request_digest bytea NOT NULL CHECK (octet_length(request_digest) = 32),
        status smallint CHECK (status BETWEEN 200 AND 599),
        answer bytea CHECK (platform.is_sealed(answer)),
        started_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        UNIQUE (actor, key_digest)
      );
      CREATE INDEX ON platform.idempotency (expires_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON platform.idempotency TO sceau_app;
      ALTER TABLE platform.idempotency ENABLE ROW LEVEL SECURITY;
      ALTER TABLE platform.idempotency FORCE ROW LEVEL SECURITY;
      CREATE POLICY kept ON platform.idempotency USING (current_setting('sceau.scope', true) = 'system');

      -- The layout that rate-limiter-flexible expects. Keys are keyed hashes, never addresses.
      CREATE TABLE platform.rate_limit (
        key varchar(255) PRIMARY KEY,
        points integer NOT NULL DEFAULT 0,
        expire bigint
      );
      CREATE INDEX ON platform.rate_limit (expire);
      GRANT SELECT, INSERT, UPDATE, DELETE ON platform.rate_limit TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
