import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where in the ledger the entries of each hour are. Kept by a trigger, and rebuildable from the index table at any time. */
export class LedgerHours1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      -- Which leaves the entries of an hour are among, so that a span of time is a span of leaves however much came after.
      CREATE TABLE audit.hour (
        hour timestamptz PRIMARY KEY CHECK (hour = date_trunc('hour', hour, 'UTC')),
        first_leaf bigint NOT NULL,
        last_leaf bigint NOT NULL CHECK (last_leaf >= first_leaf)
      ) WITH (fillfactor = 50);

      CREATE FUNCTION audit.note_hours() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        INSERT INTO audit.hour AS h (hour, first_leaf, last_leaf)
        SELECT date_trunc('hour', a.at, 'UTC'), min(a.leaf_index), max(a.leaf_index) FROM added a GROUP BY 1
        ON CONFLICT (hour) DO UPDATE SET (first_leaf, last_leaf) =
          (least(h.first_leaf, excluded.first_leaf), greatest(h.last_leaf, excluded.last_leaf));
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER note_hours AFTER INSERT ON audit.entry REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION audit.note_hours();

      CREATE VIEW audit.hours AS SELECT hour, first_leaf, last_leaf FROM audit.hour;

      REVOKE ALL ON FUNCTION audit.note_hours() FROM PUBLIC;
      GRANT SELECT, INSERT, UPDATE ON audit.hour TO sceau_sequencer;
      GRANT SELECT ON audit.hours TO sceau_auditor;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
