import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Applications: ids, states and times in clear, everything a candidate has written sealed. */
export class Applications1764000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA applications;
      GRANT USAGE ON SCHEMA applications TO sceau_app;

      CREATE TABLE applications.application (
        id uuid PRIMARY KEY,
        candidate_id uuid NOT NULL,
        vacancy_id uuid NOT NULL,
        agency_id uuid NOT NULL,
        status text NOT NULL CHECK (status IN ('draft', 'submitted', 'under_review', 'shortlisted', 'interview', 'offered',
          'accepted', 'hired', 'declined', 'rejected', 'withdrawn', 'lapsed')),
        anonymous_review boolean NOT NULL,
        motivation bytea CHECK (platform.is_sealed(motivation)),
        answers bytea CHECK (platform.is_sealed(answers)),
        snapshot bytea CHECK (platform.is_sealed(snapshot)),
        created_at timestamptz NOT NULL,
        submitted_at timestamptz,
        -- Rises with every change of an agency's applications, in the order in which they commit.
        updated_at timestamptz NOT NULL,
        revision integer NOT NULL DEFAULT 1,
        CHECK (status = 'draft' OR (snapshot IS NOT NULL AND submitted_at IS NOT NULL))
      );
      CREATE UNIQUE INDEX one_open_application ON applications.application (candidate_id, vacancy_id)
        WHERE status NOT IN ('hired', 'declined', 'rejected', 'withdrawn', 'lapsed');
      CREATE INDEX ON applications.application (candidate_id, created_at DESC, id DESC);
      CREATE INDEX ON applications.application (agency_id, updated_at) WHERE status <> 'draft';
      CREATE INDEX ON applications.application (agency_id, submitted_at DESC, id DESC) WHERE status <> 'draft';
      CREATE INDEX ON applications.application (vacancy_id, status);

      CREATE TABLE applications.event (
        id uuid PRIMARY KEY,
        application_id uuid NOT NULL REFERENCES applications.application ON DELETE CASCADE,
        candidate_id uuid NOT NULL,
        agency_id uuid NOT NULL,
        at timestamptz NOT NULL,
        from_status text NOT NULL,
        to_status text NOT NULL,
        actor_kind text NOT NULL,
        reason text,
        note bytea CHECK (platform.is_sealed(note))
      );
      CREATE INDEX ON applications.event (application_id, at, id);

      -- The last change of each agency; its row lock puts concurrent changes into commit order.
      CREATE TABLE applications.agency_clock (
        agency_id uuid PRIMARY KEY,
        last timestamptz NOT NULL
      );

      GRANT SELECT, INSERT, UPDATE, DELETE ON applications.application TO sceau_app;
      GRANT SELECT, INSERT ON applications.event TO sceau_app;
      GRANT SELECT, INSERT, UPDATE ON applications.agency_clock TO sceau_app;

      ALTER TABLE applications.application ENABLE ROW LEVEL SECURITY;
      ALTER TABLE applications.application FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON applications.application
        USING (current_setting('sceau.scope', true) = 'candidate' AND candidate_id::text = current_setting('sceau.candidate_id', true));
      CREATE POLICY received ON applications.application
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true)
               AND status <> 'draft');
      CREATE POLICY jobs ON applications.application USING (current_setting('sceau.scope', true) = 'system');

      ALTER TABLE applications.event ENABLE ROW LEVEL SECURITY;
      ALTER TABLE applications.event FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON applications.event
        USING (current_setting('sceau.scope', true) = 'candidate' AND candidate_id::text = current_setting('sceau.candidate_id', true));
      CREATE POLICY received ON applications.event
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY jobs ON applications.event USING (current_setting('sceau.scope', true) = 'system');

      ALTER TABLE applications.agency_clock ENABLE ROW LEVEL SECURITY;
      ALTER TABLE applications.agency_clock FORCE ROW LEVEL SECURITY;
      CREATE POLICY ticking ON applications.agency_clock
        USING (current_setting('sceau.scope', true) IN ('candidate', 'system')
               OR (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true)));
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
