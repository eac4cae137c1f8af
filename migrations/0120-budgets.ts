import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Budgets over three windows, each for an agency, a client and a purpose; and what operators set of them. */
export class Budgets1764000000120 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE disclosure.spent ADD COLUMN purpose text NOT NULL DEFAULT 'review'
        CHECK (purpose IN ('review', 'interview', 'offer', 'onboarding'));
      ALTER TABLE disclosure.spent ALTER COLUMN purpose DROP DEFAULT,
        DROP CONSTRAINT spent_pkey,
        ADD PRIMARY KEY (agency_id, candidate_id, hour, client_id, purpose);

      DROP POLICY forget_old ON disclosure.spent;
      CREATE POLICY forget_old ON disclosure.spent FOR DELETE
        USING (current_setting('sceau.scope', true) = 'agency'
               AND agency_id = nullif(current_setting('sceau.agency_id', true), '')::uuid
               AND hour < now() - interval '721 hours');

      -- Which limits have been warned of, so that each is warned of once within its window.
      CREATE TABLE disclosure.warned (
        agency_id uuid NOT NULL,
        -- The word 'agency', a purpose, or a client's id.
        reach text NOT NULL CHECK (reach ~ '^[a-z0-9-]{5,36}$'),
        period text NOT NULL CHECK (period IN ('hour', 'day', 'month')),
        hour timestamptz NOT NULL CHECK (hour = date_trunc('hour', hour, 'UTC')),
        PRIMARY KEY (agency_id, reach, period, hour)
      );
      GRANT SELECT, INSERT, DELETE ON disclosure.warned TO sceau_app;
      ALTER TABLE disclosure.warned ENABLE ROW LEVEL SECURITY;
      ALTER TABLE disclosure.warned FORCE ROW LEVEL SECURITY;
      CREATE POLICY see_own ON disclosure.warned FOR SELECT
        USING (current_setting('sceau.scope', true) = 'agency'
               AND agency_id = nullif(current_setting('sceau.agency_id', true), '')::uuid);
      CREATE POLICY note_own ON disclosure.warned FOR INSERT
        WITH CHECK (current_setting('sceau.scope', true) = 'agency'
                    AND agency_id = nullif(current_setting('sceau.agency_id', true), '')::uuid);
      CREATE POLICY forget_old ON disclosure.warned FOR DELETE
        USING (current_setting('sceau.scope', true) = 'agency'
               AND agency_id = nullif(current_setting('sceau.agency_id', true), '')::uuid
               AND hour < now() - interval '721 hours');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
