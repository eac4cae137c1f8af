import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The disclosure budget: which candidates each agency was shown in which hour. */
export class Disclosure1764000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA disclosure;
      GRANT USAGE ON SCHEMA disclosure TO sceau_app;

      CREATE TABLE disclosure.spent (
        agency_id uuid NOT NULL,
        candidate_id uuid NOT NULL,
        hour timestamptz NOT NULL CHECK (hour = date_trunc('hour', hour, 'UTC')),
        client_id uuid NOT NULL,
        PRIMARY KEY (agency_id, candidate_id, hour)
      );
      CREATE INDEX ON disclosure.spent (agency_id, hour);

      GRANT SELECT, INSERT, DELETE ON disclosure.spent TO sceau_app;

      ALTER TABLE disclosure.spent ENABLE ROW LEVEL SECURITY;
      ALTER TABLE disclosure.spent FORCE ROW LEVEL SECURITY;
      CREATE POLICY count_own ON disclosure.spent FOR SELECT
        USING (current_setting('sceau.scope', true) = 'agency'
               AND agency_id = nullif(current_setting('sceau.agency_id', true), '')::uuid);
      CREATE POLICY spend_own ON disclosure.spent FOR INSERT
        WITH CHECK (current_setting('sceau.scope', true) = 'agency'
                    AND agency_id = nullif(current_setting('sceau.agency_id', true), '')::uuid);
      -- Whoever could delete what still counts could read on without end.
      CREATE POLICY forget_old ON disclosure.spent FOR DELETE
        USING (current_setting('sceau.scope', true) = 'agency'
               AND agency_id = nullif(current_setting('sceau.agency_id', true), '')::uuid
               AND hour < now() - interval '25 hours');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
