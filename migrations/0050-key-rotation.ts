import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What keeps a value from being stored under a key that is about to be deleted. Every table with sealed columns is
 * fenced: a new one calls `platform.fence_sealed` in its own migration.
 */
export class KeyRotation1764000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The least key version under which values of a subject may still be stored. Only rotated subjects have one.
      CREATE TABLE platform.subject_key_floor (
        subject_id uuid PRIMARY KEY,
        version integer NOT NULL CHECK (version > 1)
      );

      -- What resealing has replaced, until the old key is deleted: by its digest, whoever brings it back is known.
      CREATE TABLE platform.resealed_value (
        subject_id uuid NOT NULL,
        digest bytea NOT NULL CHECK (octet_length(digest) = 32),
        PRIMARY KEY (subject_id, digest)
      );
      GRANT SELECT, INSERT, UPDATE ON platform.subject_key_floor TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON platform.resealed_value TO sceau_app;

      CREATE FUNCTION platform.key_version(value bytea) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT (get_byte(value, 2)::bigint << 24) | (get_byte(value, 3) << 16) | (get_byte(value, 4) << 8) | get_byte(value, 5)
      $$;

      -- Held shared by whoever stores values of a subject and alone by whoever reseals them, until they commit.
      CREATE FUNCTION platform.subject_values_lock(subject uuid) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
        AS $$ SELECT hashtextextended(subject::text, 7346434) $$;
      GRANT EXECUTE ON FUNCTION platform.key_version(bytea), platform.subject_values_lock(uuid) TO sceau_app;

      -- What is to be stored instead of 'given'. A value that the writer has read before the resealing and carries
      -- along is meant to stay as it is: the resealed one does. Any other under an old version is refused.
      CREATE FUNCTION platform.above_floor(subject uuid, lowest integer, given bytea, stored bytea) RETURNS bytea
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        IF given IS NULL OR given IS NOT DISTINCT FROM stored OR platform.key_version(given) >= lowest THEN
          RETURN given;
        END IF;
        IF stored IS NOT NULL AND EXISTS (
          SELECT FROM platform.resealed_value AS r WHERE r.subject_id = subject AND r.digest = sha256(given)
        ) THEN
          RETURN stored;
        END IF;
        RAISE EXCEPTION 'sealed under a key version that is being deleted' USING ERRCODE = 'serialization_failure';
      END
      $$;
      GRANT EXECUTE ON FUNCTION platform.above_floor(uuid, integer, bytea, bytea) TO sceau_app;

      -- Writes and attaches the trigger of one table.
      -- owner: an expression of NEW that gives the subject under whose key the columns are sealed.
      CREATE FUNCTION platform.fence_sealed(fenced regclass, owner text, columns text[]) RETURNS void
        LANGUAGE plpgsql AS $$
      DECLARE
        name text := replace(fenced::text, '.', '_');
      BEGIN
        EXECUTE format(
          'CREATE FUNCTION platform.%I() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
           DECLARE
             subject uuid := %s;
             lowest integer;
           BEGIN
             PERFORM pg_advisory_xact_lock_shared(platform.subject_values_lock(subject));
             SELECT f.version INTO lowest FROM platform.subject_key_floor AS f WHERE f.subject_id = subject;
             IF lowest IS NOT NULL THEN %s END IF;
             RETURN NEW;
           END
           $body$',
          'fence_' || name,
          owner,
          (SELECT string_agg(format('NEW.%1$I := platform.above_floor(subject, lowest, NEW.%1$I, OLD.%1$I);', c), ' ')
           FROM unnest(columns) AS c)
        );
        EXECUTE format(
          'CREATE TRIGGER fence_sealed BEFORE INSERT OR UPDATE OF %s ON %s FOR EACH ROW EXECUTE FUNCTION platform.%I()',
          (SELECT string_agg(quote_ident(c), ', ') FROM unnest(columns) AS c),
          fenced,
          'fence_' || name
        );
      END
      $$;
      REVOKE EXECUTE ON FUNCTION platform.fence_sealed(regclass, text, text[]) FROM PUBLIC;

      SELECT platform.fence_sealed('identity.account', 'NEW.id',
        ARRAY['email', 'role', 'password_hash', 'totp_secret', 'recovery_codes']);
      SELECT platform.fence_sealed('platform.outgoing_mail', 'NEW.account_id', ARRAY['message']);
      SELECT platform.fence_sealed('platform.idempotency',
        $owner$ CASE WHEN starts_with(NEW.actor, 'account:') THEN substr(NEW.actor, 9)::uuid
                ELSE (SELECT c.agency_id FROM agencies.client AS c WHERE c.id = substr(NEW.actor, 8)::uuid) END $owner$,
        ARRAY['answer']);
      SELECT platform.fence_sealed('agencies.client', 'NEW.agency_id', ARRAY['metadata']);
      -- The subject of what belongs to the installation itself.
      SELECT platform.fence_sealed('oauth.record', $owner$ '01900000-0000-7000-8000-000000000001'::uuid $owner$, ARRAY['payload']);
      SELECT platform.fence_sealed('oauth.signing_key', $owner$ '01900000-0000-7000-8000-000000000001'::uuid $owner$, ARRAY['jwk']);
      SELECT platform.fence_sealed('candidates.profile', 'NEW.candidate_id',
        ARRAY['identity', 'contact', 'address', 'preferences', 'accommodations']);
      SELECT platform.fence_sealed('candidates.education', 'NEW.candidate_id', ARRAY['entry']);
      SELECT platform.fence_sealed('candidates.experience', 'NEW.candidate_id', ARRAY['entry']);
      SELECT platform.fence_sealed('candidates.language', 'NEW.candidate_id', ARRAY['entry']);
      SELECT platform.fence_sealed('applications.application', 'NEW.candidate_id', ARRAY['motivation', 'answers', 'snapshot']);
      SELECT platform.fence_sealed('applications.event', 'NEW.candidate_id', ARRAY['note']);

      -- Where the rotation of a blind index is: see src/sealing/blind-index-phase.ts.
      CREATE TABLE platform.blind_index (
        name text PRIMARY KEY CHECK (name ~ '^[a-z_]{1,40}$'),
        phase text NOT NULL CHECK (phase IN ('steady', 'filling', 'switching', 'clearing')),
        version integer NOT NULL CHECK (version > 0),
        next_version integer CHECK (next_version > version),
        CHECK ((phase = 'steady') = (next_version IS NULL))
      );
      INSERT INTO platform.blind_index (name, phase, version) VALUES ('email', 'steady', 1);
      GRANT SELECT, UPDATE ON platform.blind_index TO sceau_app;
      ALTER TABLE identity.account ADD COLUMN email_index_next bytea UNIQUE CHECK (octet_length(email_index_next) = 32);

      -- Resealing changes how a value is sealed and never what it says.
      GRANT UPDATE (message) ON platform.outgoing_mail TO sceau_app;
      GRANT UPDATE (payload) ON oauth.record TO sceau_app;
      GRANT UPDATE (jwk) ON oauth.signing_key TO sceau_app;
      GRANT UPDATE (note) ON applications.event TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
