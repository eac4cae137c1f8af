import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What guessing at accounts is slowed down by, shared by every process. Keys are keyed hashes of address and network. */
export class SignInAttempts1764000000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identity.attempt (
        key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
        -- Attempts that have not turned out right; one is counted before it is looked at.
        failures integer NOT NULL CHECK (failures >= 0),
        last_at timestamptz NOT NULL,
        -- Before this moment none is looked at.
        next_at timestamptz NOT NULL,
        -- When none of the failures counts any more.
        forgotten_at timestamptz NOT NULL,
        -- How many were not looked at since.
        turned_away integer NOT NULL DEFAULT 0
      );
      CREATE INDEX ON identity.attempt (forgotten_at);

      -- From where somebody has signed in to which account.
      CREATE TABLE identity.known_network (
        key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
        seen_at timestamptz NOT NULL
      );
      CREATE INDEX ON identity.known_network (seen_at);

      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.attempt, identity.known_network TO sceau_app;
      ALTER TABLE identity.attempt ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.attempt FORCE ROW LEVEL SECURITY;
      ALTER TABLE identity.known_network ENABLE ROW LEVEL SECURITY;
      ALTER TABLE identity.known_network FORCE ROW LEVEL SECURITY;
      CREATE POLICY identity ON identity.attempt
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
      CREATE POLICY identity ON identity.known_network
        USING (current_setting('sceau.scope', true) IN ('identity', 'system'));
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
