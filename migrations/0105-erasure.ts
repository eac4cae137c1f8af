import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasure: who is being erased, what may be removed for it, and how the ledger forgets whom a pseudonym stands for. */
export class Erasure1764000000105 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA privacy;
      GRANT USAGE ON SCHEMA privacy TO sceau_app;

      -- Acknowledged when the row is there. What is left of one that is complete names nobody.
      CREATE TABLE privacy.erasure (
        id uuid PRIMARY KEY,
        candidate_id uuid UNIQUE,
        cause text NOT NULL CHECK (cause IN ('candidate', 'operator', 'inactivity')),
        asked_at timestamptz NOT NULL,
        -- When every row of the candidate was first gone.
        emptied_at timestamptz,
        -- From when on the ledger's tie is cut.
        tie_until timestamptz NOT NULL,
        completed_at timestamptz,
        CHECK ((candidate_id IS NULL) = (completed_at IS NOT NULL)),
        CHECK (completed_at IS NULL OR emptied_at IS NOT NULL)
      );
      CREATE INDEX ON privacy.erasure (tie_until) WHERE completed_at IS NULL;
      GRANT SELECT, INSERT ON privacy.erasure TO sceau_app;
      GRANT UPDATE (candidate_id, emptied_at, completed_at) ON privacy.erasure TO sceau_app;
      ALTER TABLE privacy.erasure ENABLE ROW LEVEL SECURITY;
      ALTER TABLE privacy.erasure FORCE ROW LEVEL SECURITY;
      CREATE POLICY jobs ON privacy.erasure USING (current_setting('sceau.scope', true) = 'system');

      GRANT DELETE ON candidates.profile TO sceau_app;

      -- An application outlives its candidate as a number among others: a state and times, nothing that was written,
      -- and a candidate's id that is nobody's.
      ALTER TABLE applications.application ADD COLUMN erased_at timestamptz,
        DROP CONSTRAINT application_check,
        ADD CONSTRAINT application_check CHECK (
          status = 'draft' OR (submitted_at IS NOT NULL AND (snapshot IS NOT NULL OR erased_at IS NOT NULL))),
        ADD CONSTRAINT nothing_of_the_erased CHECK (
          erased_at IS NULL OR num_nonnulls(motivation, answers, snapshot) = 0);
      GRANT UPDATE (candidate_id) ON applications.event TO sceau_app;

      -- The budget goes on counting that somebody was shown, and no longer whom.
      GRANT UPDATE (candidate_id) ON disclosure.spent TO sceau_app;
      CREATE POLICY find_erased ON disclosure.spent FOR SELECT USING (current_setting('sceau.scope', true) = 'system');
      CREATE POLICY rename_erased ON disclosure.spent FOR UPDATE USING (current_setting('sceau.scope', true) = 'system');

      SET LOCAL ROLE sceau_ledger;

      -- Removes what says whom a pseudonym stands for. The caller has said so in the ledger before: an entry about the
      -- erasure is in the signed tree, or nothing is removed. Returns whether there was a tie.
      CREATE FUNCTION audit.cut_tie(candidate uuid)
      RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '1s' AS $$
      DECLARE
        pseudonym uuid;
      BEGIN
        SELECT s.reference INTO pseudonym FROM audit.subject_reference s WHERE s.candidate_id = candidate;
        IF pseudonym IS NULL THEN
          RETURN false;
        END IF;
        IF NOT EXISTS (SELECT FROM audit.subject_record r JOIN audit.entry e ON e.leaf_index = r.leaf_index
                       WHERE r.subject = pseudonym AND e.action = 'candidate.erased' AND e.outcome = 'allowed'
                         AND e.leaf_index < (SELECT h.size FROM audit.signed_head h)) THEN
          RAISE EXCEPTION 'the ledger does not say so yet' USING ERRCODE = 'insufficient_privilege';
        END IF;
        DELETE FROM audit.subject_reference s WHERE s.candidate_id = candidate;
        RETURN true;
      END
      $$;

      REVOKE ALL ON FUNCTION audit.cut_tie(uuid) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.cut_tie(uuid) TO sceau_app;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
