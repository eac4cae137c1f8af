import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Budgets that operators set for a limited time, instead of what follows from an agency's applications. */
export class SetBudgets1764000000121 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A security record: a planted or altered row sets nothing. What is null stays what it would be.
      CREATE TABLE agencies.budget (
        agency_id uuid PRIMARY KEY REFERENCES agencies.agency,
        hour integer CHECK (hour BETWEEN 0 AND 1000000),
        day integer CHECK (day BETWEEN 0 AND 1000000),
        month integer CHECK (month BETWEEN 0 AND 1000000),
        until timestamptz NOT NULL,
        set_at timestamptz NOT NULL,
        revision integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32),
        CHECK (num_nonnulls(hour, day, month) > 0),
        CHECK (until > set_at AND until <= set_at + interval '2208 hours')
      );
      GRANT SELECT, INSERT, DELETE ON agencies.budget TO sceau_app;
      GRANT UPDATE (hour, day, month, until, set_at, revision, mac) ON agencies.budget TO sceau_app;
      ALTER TABLE agencies.budget ENABLE ROW LEVEL SECURITY;
      ALTER TABLE agencies.budget FORCE ROW LEVEL SECURITY;
      CREATE POLICY counted_by ON agencies.budget FOR SELECT
        USING (current_setting('sceau.scope', true) = 'agency'
               AND agency_id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY managed ON agencies.budget USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
