import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger. No foreign key leads out of it. The app's role can execute a few functions and nothing else here;
 * the sequencer moves rows; the auditor sees the views at the end.
 */
export class Audit1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      GRANT sceau_ledger TO CURRENT_USER;
      CREATE SCHEMA audit AUTHORIZATION sceau_ledger;
      SET LOCAL ROLE sceau_ledger;
      GRANT USAGE ON SCHEMA audit TO sceau_app, sceau_sequencer, sceau_auditor;

      -- Entries that are durable and not in the tree yet. Nobody waits for anybody here.
      CREATE TABLE audit.staging (
        entry_id uuid PRIMARY KEY,
        writer uuid NOT NULL,
        n bigint NOT NULL CHECK (n > 0),
        envelope bytea NOT NULL CHECK (octet_length(envelope) <= 65535),
        subjects bytea NOT NULL,
        -- That of the batch that was signed together, then the entry's place in it.
        signature bytea NOT NULL CHECK (octet_length(signature) BETWEEN 68 AND 580 AND octet_length(signature) % 32 = 4),
        staged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        UNIQUE (writer, n)
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

      -- They do not stay long enough for a page of subjects to be worth compressing.
      ALTER TABLE audit.staging ALTER COLUMN subjects SET STORAGE EXTERNAL;

      -- Staged rows that were not admitted to the tree, kept for the inquiry.
      CREATE TABLE audit.quarantine (
        entry_id uuid NOT NULL,
        writer uuid NOT NULL,
        n bigint NOT NULL,
        envelope bytea NOT NULL,
        subjects bytea NOT NULL,
        signature bytea NOT NULL,
        staged_at timestamptz NOT NULL,
        objection text NOT NULL
      );

      -- Streams of signed entries: their keys, the mark by which they are known for ours, how far they are in the tree.
      CREATE TABLE audit.writer (
        writer uuid PRIMARY KEY,
        stream text NOT NULL CHECK (stream IN ('reads', 'changes')),
        public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
        mark text NOT NULL,
        sequenced bigint NOT NULL,
        last bytea CHECK (octet_length(last) = 32)
      );

      -- The entries' exact bytes and hashes. A month's partition can be dropped when its time is over.
      CREATE TABLE audit.leaf (
        leaf_index bigint NOT NULL,
        at timestamptz NOT NULL,
        envelope bytea NOT NULL,
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        writer uuid NOT NULL,
        n bigint NOT NULL,
        signature bytea NOT NULL,
        PRIMARY KEY (leaf_index, at)
      ) PARTITION BY RANGE (at);

      -- What queries filter on; it can be rebuilt from the leaves at any time.
      CREATE TABLE audit.entry (
        leaf_index bigint PRIMARY KEY,
        entry_id uuid NOT NULL UNIQUE,
        at timestamptz NOT NULL,
        action text NOT NULL,
        outcome text NOT NULL,
        reason text,
        actor_kind text NOT NULL,
        actor_id text,
        client_id uuid,
        agency_id uuid,
        session_id uuid,
        resource_type text NOT NULL,
        resource_id text,
        purpose text,
        request_id uuid NOT NULL,
        origin_address text NOT NULL,
        origin_network text NOT NULL,
        count integer NOT NULL
      );
      CREATE INDEX ON audit.entry (action, leaf_index DESC);
      CREATE INDEX ON audit.entry (actor_id, leaf_index DESC);
      CREATE INDEX ON audit.entry (client_id, leaf_index DESC);
      CREATE INDEX ON audit.entry (agency_id, leaf_index DESC);
      CREATE INDEX ON audit.entry (outcome, leaf_index DESC) WHERE outcome <> 'allowed';

      -- Whose data an entry touched: the exact bytes of each record under the entry's subjectsRoot, found by a reference
      -- that means nothing without audit.subject_reference. Of an erased record only the hash is left.
      CREATE TABLE audit.subject_record (
        leaf_index bigint NOT NULL,
        at timestamptz NOT NULL,
        position integer NOT NULL,
        subject uuid,
        record bytea,
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        PRIMARY KEY (leaf_index, position, at)
      ) PARTITION BY RANGE (at);
      CREATE INDEX ON audit.subject_record (subject, leaf_index DESC);

      CREATE TABLE audit.subject_reference (
        candidate_id uuid PRIMARY KEY,
        reference uuid NOT NULL UNIQUE,
        -- Keyed hash of both, which nobody with the database alone can make: two candidates cannot be exchanged.
        mark text NOT NULL
      );

      -- Hash tiles (c2sp.org/tlog-tiles); the one at the edge of each level grows.
      CREATE TABLE audit.tile (
        level smallint NOT NULL,
        index bigint NOT NULL,
        hashes bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
        PRIMARY KEY (level, index)
      );

      CREATE TABLE audit.tree_head (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        epoch integer NOT NULL,
        size bigint NOT NULL,
        root bytea NOT NULL CHECK (octet_length(root) = 32)
      );
      INSERT INTO audit.tree_head (epoch, size, root) VALUES (1, 0, sha256(''::bytea));

      -- Why nothing is signed, while that is so.
      CREATE TABLE audit.refusal (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        reason text NOT NULL,
        since timestamptz NOT NULL DEFAULT now()
      );

      -- The newest checkpoint.
      CREATE TABLE audit.signed_head (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        epoch integer NOT NULL,
        size bigint NOT NULL,
        root bytea NOT NULL,
        note text NOT NULL,
        at timestamptz NOT NULL
      );

      -- Checkpoints that are kept: one a second at the most.
      CREATE TABLE audit.checkpoint (
        epoch integer NOT NULL,
        size bigint NOT NULL,
        root bytea NOT NULL,
        note text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (epoch, size)
      );
      CREATE INDEX ON audit.checkpoint (epoch, at);

      -- Defence in depth: a superuser can go round these, and is found out by the tree.
      CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
      END
      $$;
      CREATE FUNCTION audit.grow_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        IF NEW.level <> OLD.level OR NEW.index <> OLD.index
           OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes THEN
          RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
      END
      $$;
      CREATE FUNCTION audit.go_forward() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        IF (NEW.epoch, NEW.size) < (OLD.epoch, OLD.size) THEN
          RAISE EXCEPTION 'the tree only grows' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
      END
      $$;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.leaf FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit.leaf FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.checkpoint FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only BEFORE DELETE ON audit.tile FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit.tile FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER grow_only BEFORE UPDATE ON audit.tile FOR EACH ROW EXECUTE FUNCTION audit.grow_only();
      CREATE TRIGGER go_forward BEFORE UPDATE ON audit.tree_head FOR EACH ROW EXECUTE FUNCTION audit.go_forward();
      CREATE TRIGGER go_forward BEFORE UPDATE ON audit.signed_head FOR EACH ROW EXECUTE FUNCTION audit.go_forward();
      CREATE TRIGGER append_only BEFORE DELETE ON audit.tree_head FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only BEFORE DELETE ON audit.signed_head FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();

      -- The app's one way in. Arrays of equal length, one element an entry.
      CREATE FUNCTION audit.append(entry_ids uuid[], writers uuid[], ns bigint[], envelopes bytea[], subjects bytea[], signatures bytea[])
      RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '1s' AS $$
        INSERT INTO audit.staging (entry_id, writer, n, envelope, subjects, signature)
        SELECT * FROM unnest(entry_ids, writers, ns, envelopes, subjects, signatures);
      $$;

      -- Which of these entries a signed checkpoint covers.
      CREATE FUNCTION audit.sequenced(entry_ids uuid[])
      RETURNS TABLE (entry_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT e.entry_id FROM audit.entry e
        WHERE e.entry_id = ANY (entry_ids) AND e.leaf_index < (SELECT h.size FROM audit.signed_head h);
      $$;

      -- How long the oldest staged entry has been waiting, and why nothing is signed, if so.
      CREATE FUNCTION audit.condition()
      RETURNS TABLE (backlog_seconds double precision, refusal text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT coalesce(extract(epoch FROM clock_timestamp() -
                 (SELECT s.staged_at FROM audit.staging s ORDER BY s.entry_id LIMIT 1)), 0)::double precision,
               (SELECT r.reason FROM audit.refusal r);
      $$;

      -- The references of these candidates; whoever has none is left out.
      CREATE FUNCTION audit.references_of(candidate_ids uuid[])
      RETURNS TABLE (candidate_id uuid, reference uuid, mark text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT s.candidate_id, s.reference, s.mark FROM audit.subject_reference s WHERE s.candidate_id = ANY (candidate_ids);
      $$;

      -- Ties candidates who have no reference to these, and tells theirs; in one order, so that callers never wait in a circle.
      CREATE FUNCTION audit.tie(candidate_ids uuid[], pseudonyms uuid[], marks text[])
      RETURNS TABLE (candidate_id uuid, reference uuid, mark text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
      BEGIN
        INSERT INTO audit.subject_reference (candidate_id, reference, mark)
        SELECT * FROM unnest(candidate_ids, pseudonyms, marks) AS t (c, r, m) ORDER BY c
        ON CONFLICT ON CONSTRAINT subject_reference_pkey DO NOTHING;
        RETURN QUERY SELECT * FROM audit.references_of(candidate_ids);
      END
      $$;

      -- The month's partitions, for the sequencer, which cannot create tables itself. Months are those of UTC.
      CREATE FUNCTION audit.open_month(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
      DECLARE
        suffix text := to_char(month, '_YYYY_MM');
        first timestamp := date_trunc('month', month::timestamp);
        parent text;
      BEGIN
        IF to_regclass(format('audit.%I', 'leaf' || suffix)) IS NOT NULL THEN
          RETURN;
        END IF;
        FOREACH parent IN ARRAY '{leaf,subject_record}'::text[] LOOP
          EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.%I FOR VALUES FROM (%L) TO (%L)',
            parent || suffix, parent, first AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
        END LOOP;
        EXECUTE format('CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()',
          'leaf' || suffix);
      END
      $$;

      -- What auditors see.
      CREATE VIEW audit.entries AS SELECT * FROM audit.entry;
      CREATE VIEW audit.leaves AS SELECT leaf_index, at, envelope, hash, writer, n, signature FROM audit.leaf;
      CREATE VIEW audit.subject_records AS SELECT leaf_index, at, position, subject, record, hash FROM audit.subject_record;
      CREATE VIEW audit.tiles AS SELECT level, index, hashes FROM audit.tile;
      CREATE VIEW audit.checkpoints AS SELECT epoch, size, note, at FROM audit.checkpoint;
      CREATE VIEW audit.newest_checkpoint AS SELECT epoch, size, note, at FROM audit.signed_head;
      CREATE VIEW audit.refused AS SELECT entry_id, writer, n, staged_at, objection FROM audit.quarantine;

      REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.append(uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]) TO sceau_app, sceau_sequencer;
      GRANT EXECUTE ON FUNCTION audit.sequenced(uuid[]), audit.condition(), audit.references_of(uuid[]), audit.tie(uuid[], uuid[], text[]) TO sceau_app;
      GRANT EXECUTE ON FUNCTION audit.open_month(date) TO sceau_sequencer;

      GRANT SELECT, DELETE ON audit.staging TO sceau_sequencer;
      GRANT INSERT ON audit.quarantine TO sceau_sequencer;
      GRANT SELECT, INSERT, UPDATE, DELETE ON audit.refusal TO sceau_sequencer;
      GRANT SELECT, INSERT ON audit.leaf, audit.entry, audit.subject_record, audit.checkpoint TO sceau_sequencer;
      GRANT SELECT, INSERT, UPDATE ON audit.writer, audit.tile, audit.signed_head TO sceau_sequencer;
      GRANT SELECT, UPDATE ON audit.tree_head TO sceau_sequencer;
      GRANT SELECT ON audit.entries, audit.leaves, audit.subject_records, audit.tiles, audit.checkpoints,
        audit.newest_checkpoint, audit.refused TO sceau_auditor;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
