import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The key store: wrapped keys only. It may live in a database of its own, with short backups of its own. */
export class Keys1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA keys;
      GRANT USAGE ON SCHEMA keys TO sceau_app;

      CREATE TABLE keys.subject_key (
        subject_id uuid NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        wrapped bytea NOT NULL CHECK (octet_length(wrapped) >= 48),
        master_version integer NOT NULL CHECK (master_version > 0),
        created_at timestamptz NOT NULL,
        PRIMARY KEY (subject_id, version)
      );

      -- What remains of an erased subject: that it was, when and why it was erased.
      CREATE TABLE keys.tombstone (
        subject_id uuid PRIMARY KEY,
        reason text NOT NULL CHECK (reason ~ '^[a-z_]{1,40}$'),
        destroyed_at timestamptz NOT NULL
      );

      CREATE TABLE keys.index_key (
        purpose text NOT NULL CHECK (purpose ~ '^[a-z-]{1,40}$'),
        version integer NOT NULL CHECK (version > 0),
        wrapped bytea NOT NULL CHECK (octet_length(wrapped) >= 48),
        master_version integer NOT NULL CHECK (master_version > 0),
        created_at timestamptz NOT NULL,
        PRIMARY KEY (purpose, version)
      );

      -- A destroyed subject never gets another key.
      CREATE FUNCTION keys.refuse_revival() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        IF EXISTS (SELECT FROM keys.tombstone WHERE subject_id = NEW.subject_id) THEN
          RAISE EXCEPTION 'the subject has been destroyed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END
      $$;
      CREATE TRIGGER refuse_revival BEFORE INSERT ON keys.subject_key
        FOR EACH ROW EXECUTE FUNCTION keys.refuse_revival();

      GRANT SELECT, INSERT, DELETE ON keys.subject_key TO sceau_app;
      GRANT UPDATE (wrapped, master_version) ON keys.subject_key TO sceau_app;
      GRANT SELECT, INSERT ON keys.tombstone TO sceau_app;
      GRANT SELECT, INSERT ON keys.index_key TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
