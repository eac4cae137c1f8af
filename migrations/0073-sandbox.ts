import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sandboxes: agencies with synthetic applications, which no real candidate ever meets. */
export class Sandbox1764000000073 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- An agency is born live or as a sandbox and stays so: a MAC over id and mode says whether we made it that.
      ALTER TABLE agencies.agency
        ADD COLUMN mode text NOT NULL CHECK (mode IN ('live', 'sandbox')),
        ADD COLUMN mode_mac bytea NOT NULL CHECK (octet_length(mode_mac) = 32),
        ADD UNIQUE (id, mode);

      CREATE FUNCTION agencies.refuse_other_mode() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'an agency keeps its mode' USING ERRCODE = 'check_violation';
      END
      $$;
      CREATE TRIGGER mode_is_kept BEFORE UPDATE ON agencies.agency FOR EACH ROW
        WHEN (NEW.id <> OLD.id OR NEW.mode <> OLD.mode OR NEW.mode_mac <> OLD.mode_mac)
        EXECUTE FUNCTION agencies.refuse_other_mode();

      -- What an agency has is of its mode: the key says so for every row, at every moment.
      ALTER TABLE vacancies.vacancy
        ADD COLUMN mode text NOT NULL,
        ADD FOREIGN KEY (agency_id, mode) REFERENCES agencies.agency (id, mode);
      ALTER TABLE applications.application
        ADD COLUMN mode text NOT NULL,
        ADD FOREIGN KEY (agency_id, mode) REFERENCES agencies.agency (id, mode);

      -- Whoever is neither the agency nor the product itself sees nothing of a sandbox and puts nothing into it.
      CREATE POLICY no_sandbox ON vacancies.vacancy AS RESTRICTIVE
        USING (mode = 'live' OR current_setting('sceau.scope', true) IN ('agency', 'system'));
      CREATE POLICY no_sandbox ON applications.application AS RESTRICTIVE
        USING (mode = 'live' OR current_setting('sceau.scope', true) IN ('agency', 'system'));
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
