import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers for equality's sake, sealed like everything else a candidate tells, and the counts made of them. */
export class Diversity1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE candidates.diversity (
        candidate_id uuid PRIMARY KEY REFERENCES candidates.profile ON DELETE CASCADE,
        answers bytea NOT NULL CHECK (platform.is_sealed(answers)),
        revision integer NOT NULL CHECK (revision >= 1),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      SELECT platform.fence_sealed('candidates.diversity', 'NEW.candidate_id', ARRAY['answers']);
      GRANT SELECT, INSERT, UPDATE, DELETE ON candidates.diversity TO sceau_app;
      ALTER TABLE candidates.diversity ENABLE ROW LEVEL SECURITY;
      ALTER TABLE candidates.diversity FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON candidates.diversity
        USING (current_setting('sceau.scope', true) = 'candidate'
               AND candidate_id = nullif(current_setting('sceau.candidate_id', true), '')::uuid);
      -- The worker counts what it opens; no agency and no member of staff has a scope here.
      CREATE POLICY counting ON candidates.diversity FOR SELECT USING (current_setting('sceau.scope', true) = 'system');

      -- Written once a vacancy, when it is archived, and never changed: two counts could be subtracted.
      CREATE TABLE applications.diversity_figures (
        vacancy_id uuid PRIMARY KEY,
        agency_id uuid NOT NULL,
        counted_at timestamptz NOT NULL,
        -- Counts of ten or more, rounded down to tens; see src/modules/applications/diversity/figures.ts.
        questions jsonb NOT NULL
      );
      CREATE INDEX ON applications.diversity_figures (agency_id);
      GRANT SELECT, INSERT ON applications.diversity_figures TO sceau_app;
      ALTER TABLE applications.diversity_figures ENABLE ROW LEVEL SECURITY;
      ALTER TABLE applications.diversity_figures FORCE ROW LEVEL SECURITY;
      CREATE POLICY received ON applications.diversity_figures FOR SELECT
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true));
      CREATE POLICY jobs ON applications.diversity_figures USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
