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

      -- How many keys a version of the master key still wraps.
      CREATE INDEX ON keys.subject_key (master_version);

      -- Versions of the master key that no longer wrap anything new.
      CREATE TABLE keys.master_version (
        version integer PRIMARY KEY CHECK (version > 0),
        superseded_at timestamptz NOT NULL,
        -- When a key last left this version: backups of the key store from before may still need it.
        last_rewrapped_at timestamptz,
        retired_at timestamptz
      );

      -- A rotation of the master key that has begun and is not recorded yet.
      CREATE TABLE keys.master_rotation (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        from_version integer NOT NULL,
        began_at timestamptz NOT NULL
      );

      -- How far rewrapping under the current version has come; gone once it is complete and recorded.
      CREATE TABLE keys.rewrapping (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        target_version integer NOT NULL,
        after_subject uuid NOT NULL,
        after_version integer NOT NULL,
        done bigint NOT NULL,
        began_at timestamptz NOT NULL
      );

      -- Nothing is ever wrapped by a retired version: whoever was late with such a key is refused, not lost.
      -- The lock makes retirement wait for writers that have passed this check and not committed yet.
      CREATE FUNCTION keys.refuse_retired() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(7346431);
        IF EXISTS (SELECT FROM keys.master_version AS known
                   WHERE known.retired_at IS NOT NULL AND known.version IN (SELECT stored.master_version FROM stored)) THEN
          RAISE EXCEPTION 'this version of the master key is retired' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER refuse_retired_new AFTER INSERT ON keys.subject_key
        REFERENCING NEW TABLE AS stored FOR EACH STATEMENT EXECUTE FUNCTION keys.refuse_retired();
      CREATE TRIGGER refuse_retired_change AFTER UPDATE ON keys.subject_key
        REFERENCING NEW TABLE AS stored FOR EACH STATEMENT EXECUTE FUNCTION keys.refuse_retired();
      CREATE TRIGGER refuse_retired_new AFTER INSERT ON keys.index_key
        REFERENCING NEW TABLE AS stored FOR EACH STATEMENT EXECUTE FUNCTION keys.refuse_retired();
      CREATE TRIGGER refuse_retired_change AFTER UPDATE ON keys.index_key
        REFERENCING NEW TABLE AS stored FOR EACH STATEMENT EXECUTE FUNCTION keys.refuse_retired();

      -- Held shared by whoever gives a subject a key and alone by whoever destroys it, until they commit.
      CREATE FUNCTION keys.subject_lock(subject uuid) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
        AS $$ SELECT hashtextextended(subject::text, 7346433) $$;

      -- A destroyed subject never gets another key.
      CREATE FUNCTION keys.refuse_revival() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(keys.subject_lock(NEW.subject_id));
        IF EXISTS (SELECT FROM keys.tombstone WHERE subject_id = NEW.subject_id) THEN
          RAISE EXCEPTION 'the subject has been destroyed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END
      $$;
      CREATE TRIGGER refuse_revival BEFORE INSERT ON keys.subject_key
        FOR EACH ROW EXECUTE FUNCTION keys.refuse_revival();

      -- One subject's key that is being renewed: a version more, then everything of the subject resealed under it, then
      -- the versions before it deleted. After either of the first two, requests in flight are waited for.
      CREATE TABLE keys.subject_rotation (
        subject_id uuid PRIMARY KEY,
        to_version integer NOT NULL CHECK (to_version > 1),
        began_at timestamptz NOT NULL,
        resealed_at timestamptz
      );

      -- Every version of a subject's key and the tombstone, all or nothing; every process is told on commit.
      CREATE FUNCTION keys.destroy_subject(subject uuid, why text, at timestamptz) RETURNS void
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock(keys.subject_lock(subject));
        INSERT INTO keys.tombstone (subject_id, reason, destroyed_at) VALUES (subject, why, at) ON CONFLICT DO NOTHING;
        DELETE FROM keys.subject_key WHERE subject_id = subject;
        DELETE FROM keys.subject_rotation WHERE subject_id = subject;
        PERFORM pg_notify('sceau_subject_key', subject::text);
      END
      $$;
      GRANT EXECUTE ON FUNCTION keys.subject_lock(uuid), keys.destroy_subject(uuid, text, timestamptz) TO sceau_app;

      GRANT SELECT, INSERT, DELETE ON keys.subject_key TO sceau_app;
      GRANT UPDATE (wrapped, master_version) ON keys.subject_key TO sceau_app;
      GRANT SELECT, INSERT ON keys.tombstone TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON keys.index_key TO sceau_app;
      GRANT UPDATE (wrapped, master_version) ON keys.index_key TO sceau_app;
      GRANT SELECT, INSERT, UPDATE ON keys.master_version TO sceau_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON keys.master_rotation, keys.rewrapping, keys.subject_rotation TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
