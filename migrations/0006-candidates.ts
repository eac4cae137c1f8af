import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What candidates tell about themselves. Every value is sealed; in clear are ids, revisions and times. */
export class Candidates1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA candidates;
      GRANT USAGE ON SCHEMA candidates TO sceau_app;

      -- Revision 0: nothing has been said yet. The row is there to be locked and referred to.
      CREATE TABLE candidates.profile (
        candidate_id uuid PRIMARY KEY,
        identity bytea CHECK (platform.is_sealed(identity)),
        contact bytea CHECK (platform.is_sealed(contact)),
        address bytea CHECK (platform.is_sealed(address)),
        preferences bytea CHECK (platform.is_sealed(preferences)),
        accommodations bytea CHECK (platform.is_sealed(accommodations)),
        revision integer NOT NULL CHECK (revision >= 0),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );

      CREATE TABLE candidates.education (
        id uuid PRIMARY KEY,
        candidate_id uuid NOT NULL REFERENCES candidates.profile ON DELETE CASCADE,
        entry bytea NOT NULL CHECK (platform.is_sealed(entry)),
        revision integer NOT NULL CHECK (revision >= 1),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX ON candidates.education (candidate_id);

      CREATE TABLE candidates.experience (
        id uuid PRIMARY KEY,
        candidate_id uuid NOT NULL REFERENCES candidates.profile ON DELETE CASCADE,
        entry bytea NOT NULL CHECK (platform.is_sealed(entry)),
        revision integer NOT NULL CHECK (revision >= 1),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX ON candidates.experience (candidate_id);

      CREATE TABLE candidates.language (
        id uuid PRIMARY KEY,
        candidate_id uuid NOT NULL REFERENCES candidates.profile ON DELETE CASCADE,
        entry bytea NOT NULL CHECK (platform.is_sealed(entry)),
        revision integer NOT NULL CHECK (revision >= 1),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX ON candidates.language (candidate_id);

      GRANT SELECT, INSERT, UPDATE ON candidates.profile TO sceau_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON candidates.education, candidates.experience, candidates.language TO sceau_app;

      ALTER TABLE candidates.profile ENABLE ROW LEVEL SECURITY;
      ALTER TABLE candidates.profile FORCE ROW LEVEL SECURITY;
      ALTER TABLE candidates.education ENABLE ROW LEVEL SECURITY;
      ALTER TABLE candidates.education FORCE ROW LEVEL SECURITY;
      ALTER TABLE candidates.experience ENABLE ROW LEVEL SECURITY;
      ALTER TABLE candidates.experience FORCE ROW LEVEL SECURITY;
      ALTER TABLE candidates.language ENABLE ROW LEVEL SECURITY;
      ALTER TABLE candidates.language FORCE ROW LEVEL SECURITY;

      -- The candidate alone: no agency, no job and no member of staff has anything to do here.
      CREATE POLICY own ON candidates.profile
        USING (current_setting('sceau.scope', true) = 'candidate'
               AND candidate_id = nullif(current_setting('sceau.candidate_id', true), '')::uuid);
      CREATE POLICY own ON candidates.education
        USING (current_setting('sceau.scope', true) = 'candidate'
               AND candidate_id = nullif(current_setting('sceau.candidate_id', true), '')::uuid);
      CREATE POLICY own ON candidates.experience
        USING (current_setting('sceau.scope', true) = 'candidate'
               AND candidate_id = nullif(current_setting('sceau.candidate_id', true), '')::uuid);
      CREATE POLICY own ON candidates.language
        USING (current_setting('sceau.scope', true) = 'candidate'
               AND candidate_id = nullif(current_setting('sceau.candidate_id', true), '')::uuid);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
