import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks: where agencies have events sent, what happened, what is to be sent of it, and every attempt. */
export class Webhooks1764000000074 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA webhooks;
      GRANT USAGE ON SCHEMA webhooks TO sceau_app;

      -- The address and the signing secrets are sealed, and the row is a security record: a planted or altered endpoint
      -- is sent nothing.
      CREATE TABLE webhooks.endpoint (
        id uuid PRIMARY KEY,
        agency_id uuid NOT NULL REFERENCES agencies.agency,
        status text NOT NULL CHECK (status IN ('enabled', 'disabled')),
        event_types text[] NOT NULL CHECK (cardinality(event_types) BETWEEN 1 AND 20),
        url bytea NOT NULL CHECK (platform.is_sealed(url)),
        secrets bytea NOT NULL CHECK (platform.is_sealed(secrets)),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        revision integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32)
      );
      CREATE INDEX ON webhooks.endpoint (agency_id);
      SELECT platform.fence_sealed('webhooks.endpoint', 'NEW.agency_id', ARRAY['url', 'secrets']);

      -- Written in the transaction of what happened. 'at' rises with every event of an agency's applications, in the
      -- order in which they commit.
      CREATE TABLE webhooks.event (
        id uuid PRIMARY KEY,
        agency_id uuid NOT NULL REFERENCES agencies.agency,
        type text NOT NULL CHECK (type ~ '^[a-z]+[.][a-z_]{1,40}$'),
        at timestamptz NOT NULL,
        application_id uuid,
        vacancy_id uuid,
        application_revision integer,
        -- Until there is a delivery for each endpoint that wants it.
        pending boolean NOT NULL,
        CHECK (num_nulls(application_id, vacancy_id, application_revision) IN (0, 3))
      );
      CREATE INDEX ON webhooks.event (agency_id, at) WHERE pending;
      CREATE INDEX ON webhooks.event (at);

      CREATE TABLE webhooks.delivery (
        id uuid PRIMARY KEY,
        agency_id uuid NOT NULL REFERENCES agencies.agency,
        endpoint_id uuid NOT NULL REFERENCES webhooks.endpoint ON DELETE CASCADE,
        event_id uuid NOT NULL REFERENCES webhooks.event ON DELETE CASCADE,
        -- What is sent in order: an application's events among themselves.
        lane uuid NOT NULL,
        at timestamptz NOT NULL,
        status text NOT NULL CHECK (status IN ('pending', 'delivered', 'dead')),
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        settled_at timestamptz,
        last_outcome text CHECK (last_outcome ~ '^[a-z_]{1,40}$'),
        CHECK ((status = 'pending') = (settled_at IS NULL)),
        UNIQUE (endpoint_id, event_id)
      );
      CREATE INDEX ON webhooks.delivery (endpoint_id, lane, at, id) WHERE status = 'pending';
      CREATE INDEX ON webhooks.delivery (due_at) WHERE status = 'pending';
      CREATE INDEX ON webhooks.delivery (endpoint_id, at DESC, id DESC);
      CREATE INDEX ON webhooks.delivery (event_id);

      CREATE TABLE webhooks.attempt (
        id uuid PRIMARY KEY,
        agency_id uuid NOT NULL REFERENCES agencies.agency,
        delivery_id uuid NOT NULL REFERENCES webhooks.delivery ON DELETE CASCADE,
        at timestamptz NOT NULL,
        outcome text NOT NULL CHECK (outcome ~ '^[a-z_]{1,40}$'),
        http_status smallint CHECK (http_status BETWEEN 100 AND 999),
        elapsed_ms integer NOT NULL CHECK (elapsed_ms >= 0)
      );
      CREATE INDEX ON webhooks.attempt (delivery_id, at, id);

      GRANT SELECT, INSERT, DELETE ON webhooks.endpoint TO sceau_app;
      GRANT UPDATE (status, event_types, url, secrets, updated_at, revision, mac) ON webhooks.endpoint TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON webhooks.event TO sceau_app;
      GRANT UPDATE (pending) ON webhooks.event TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON webhooks.delivery TO sceau_app;
      GRANT UPDATE (status, attempts, due_at, expires_at, settled_at, last_outcome) ON webhooks.delivery TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON webhooks.attempt TO sceau_app;

      ALTER TABLE webhooks.endpoint ENABLE ROW LEVEL SECURITY;
      ALTER TABLE webhooks.endpoint FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON webhooks.endpoint
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY jobs ON webhooks.endpoint USING (current_setting('sceau.scope', true) = 'system');

      ALTER TABLE webhooks.event ENABLE ROW LEVEL SECURITY;
      ALTER TABLE webhooks.event FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON webhooks.event
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY jobs ON webhooks.event USING (current_setting('sceau.scope', true) = 'system');
      -- What a candidate does to their own application, and what they see of it is none of this.
      CREATE POLICY caused ON webhooks.event FOR INSERT
        WITH CHECK (current_setting('sceau.scope', true) = 'candidate'
                    AND EXISTS (SELECT FROM applications.application AS a
                                WHERE a.id = application_id AND a.agency_id = event.agency_id
                                  AND a.candidate_id::text = current_setting('sceau.candidate_id', true)));

      ALTER TABLE webhooks.delivery ENABLE ROW LEVEL SECURITY;
      ALTER TABLE webhooks.delivery FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON webhooks.delivery
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY jobs ON webhooks.delivery USING (current_setting('sceau.scope', true) = 'system');

      ALTER TABLE webhooks.attempt ENABLE ROW LEVEL SECURITY;
      ALTER TABLE webhooks.attempt FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON webhooks.attempt
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY jobs ON webhooks.attempt USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
