import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What agencies' lists stand on: the order of changes, which nobody breaks, and an index for every way of reading. */
export class ApplicationChanges1764000000096 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A change that an agency sees has the agency's newest moment, taken in this very transaction, which keeps the
      -- clock's row locked until it ends. So moments rise in the order in which changes become visible, whoever makes them.
      CREATE FUNCTION applications.require_own_moment() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM applications.agency_clock AS c
                       WHERE c.agency_id = NEW.agency_id AND c.last = NEW.updated_at
                         AND c.xmin = pg_current_xact_id_if_assigned()::xid) THEN
          RAISE EXCEPTION 'a change takes its moment from the clock of its agency' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER takes_its_moment AFTER UPDATE OF status, revision, updated_at, agency_id ON applications.application
        FOR EACH ROW WHEN (NEW.status <> 'draft') EXECUTE FUNCTION applications.require_own_moment();

      -- With what the policies look at, so that counting reads the index alone.
      CREATE INDEX by_status ON applications.application (agency_id, status, submitted_at DESC, id DESC)
        INCLUDE (candidate_id, mode) WHERE status <> 'draft';
      CREATE INDEX by_vacancy_status ON applications.application (vacancy_id, status, submitted_at DESC, id DESC)
        INCLUDE (agency_id, candidate_id, mode) WHERE status <> 'draft';
      CREATE INDEX by_vacancy ON applications.application (vacancy_id, submitted_at DESC, id DESC) WHERE status <> 'draft';
      CREATE INDEX by_vacancy_change ON applications.application (vacancy_id, updated_at) WHERE status <> 'draft';
      DROP INDEX applications.application_vacancy_id_status_idx;

      SET LOCAL ROLE sceau_ledger;
      CREATE FUNCTION audit.epoch()
      RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT h.epoch FROM audit.tree_head h;
      $$;
      REVOKE ALL ON FUNCTION audit.epoch() FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.epoch() TO sceau_app;
      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
