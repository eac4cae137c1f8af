import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever writes to the database as the application does reads no more by it: neither for nothing nor unseen. */
export class BudgetMacs1764000000160 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Rows of before have no MAC: they go on counting, and make nothing free.
      ALTER TABLE disclosure.spent ADD COLUMN mac bytea NOT NULL DEFAULT '\\x';

      -- By which limit was warned of, so that a much higher one is warned of again.
      ALTER TABLE disclosure.warned
        ADD COLUMN allowed integer NOT NULL DEFAULT 0 CHECK (allowed >= 0),
        ADD COLUMN mac bytea NOT NULL DEFAULT '\\x',
        DROP CONSTRAINT warned_pkey,
        ADD PRIMARY KEY (agency_id, reach, period, hour, mac);
      ALTER TABLE disclosure.warned ALTER COLUMN allowed DROP DEFAULT;

      -- Whoever could rename what counts could have many count as one.
      REVOKE UPDATE (candidate_id) ON disclosure.spent FROM sceau_app;
      DROP POLICY rename_erased ON disclosure.spent;
      CREATE POLICY rename_erased ON disclosure.spent FOR UPDATE TO CURRENT_USER USING (true);
      CREATE POLICY find_to_rename ON disclosure.spent FOR SELECT TO CURRENT_USER USING (true);
      CREATE FUNCTION disclosure.rename_erased(candidate uuid)
      RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
      DECLARE
        agency uuid;
        nobody uuid;
      BEGIN
        FOR agency IN SELECT DISTINCT s.agency_id FROM disclosure.spent s WHERE s.candidate_id = candidate LOOP
          nobody := gen_random_uuid();
          UPDATE disclosure.spent s SET candidate_id = nobody WHERE s.candidate_id = candidate AND s.agency_id = agency;
        END LOOP;
      END
      $$;
      REVOKE ALL ON FUNCTION disclosure.rename_erased(uuid) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION disclosure.rename_erased(uuid) TO sceau_app;

      -- One that is lifted stands on, as one whose time is over: whoever could delete it could lift it.
      REVOKE DELETE ON agencies.budget FROM sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
