import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The present revision of each security record, kept where the record itself is not. */
export class KeysRecordRevisions1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE keys.record_revision (
        kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
        record_id uuid NOT NULL,
        settled integer NOT NULL CHECK (settled >= 0),
        begun integer NOT NULL CHECK (begun >= greatest(settled, 1)),
        -- The transaction of the data's database that is to bring the revision begun; NULL once its outcome is noted.
        transaction xid8,
        PRIMARY KEY (kind, record_id)
      );

      -- What has been superseded stays so, whoever asks.
      CREATE FUNCTION keys.refuse_older_revision() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        IF NEW.kind <> OLD.kind OR NEW.record_id <> OLD.record_id OR NEW.settled < OLD.settled OR NEW.begun < OLD.begun THEN
          RAISE EXCEPTION 'a revision never falls' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END
      $$;
      CREATE TRIGGER refuse_older_revision BEFORE UPDATE ON keys.record_revision
        FOR EACH ROW EXECUTE FUNCTION keys.refuse_older_revision();

      GRANT SELECT, INSERT ON keys.record_revision TO sceau_app;
      GRANT UPDATE (settled, begun, transaction) ON keys.record_revision TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
