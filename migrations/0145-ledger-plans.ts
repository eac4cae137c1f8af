import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is asked of the ledger with every request, in a language that keeps its plans: a function in SQL that cannot be
 * inlined is planned anew each time it is called.
 */
export class LedgerPlans1764000000145 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      CREATE OR REPLACE FUNCTION audit.append(entry_ids uuid[], writers uuid[], ns bigint[], envelopes bytea[], subjects bytea[], signatures bytea[])
      RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '1s' AS $$
      BEGIN
        INSERT INTO audit.staging (entry_id, writer, n, envelope, subjects, signature)
        SELECT * FROM unnest(append.entry_ids, append.writers, append.ns, append.envelopes, append.subjects, append.signatures);
      END
      $$;

      CREATE OR REPLACE FUNCTION audit.sequenced(entry_ids uuid[])
      RETURNS TABLE (entry_id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
      BEGIN
        RETURN QUERY SELECT e.entry_id FROM audit.entry e
          WHERE e.entry_id = ANY (entry_ids) AND e.leaf_index < (SELECT h.size FROM audit.signed_head h);
      END
      $$;

      CREATE OR REPLACE FUNCTION audit.references_of(candidate_ids uuid[])
      RETURNS TABLE (candidate_id uuid, reference uuid, mark text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
      BEGIN
        RETURN QUERY SELECT s.candidate_id, s.reference, s.mark FROM audit.subject_reference s WHERE s.candidate_id = ANY (candidate_ids);
      END
      $$;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
