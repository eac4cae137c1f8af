import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger. No foreign key leads out of it. The app's role can execute three functions and nothing else here;
 * the sequencer moves rows; the auditor reads.
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
        signature bytea NOT NULL CHECK (octet_length(signature) = 64),
        staged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        UNIQUE (writer, n)
      );

      -- Staged entries that no registered writer has signed, kept for the inquiry.
      CREATE TABLE audit.quarantine (LIKE audit.staging INCLUDING DEFAULTS);

      CREATE TABLE audit.writer (
        writer uuid PRIMARY KEY,
        public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
        kind text NOT NULL CHECK (kind IN ('reads', 'changes')),
        sequenced bigint NOT NULL
      );

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
      CREATE TABLE audit.leaf_before PARTITION OF audit.leaf DEFAULT;

      -- What queries filter on; it can be rebuilt from the leaves at any time.
      CREATE TABLE audit.entry (
        leaf_index bigint PRIMARY KEY,
        entry_id uuid NOT NULL UNIQUE,
        at timestamptz NOT NULL,
        action text NOT NULL,
        outcome text NOT NULL,
        actor_kind text NOT NULL,
        actor_id uuid,
        client_id uuid,
        agency_id uuid,
        session_id uuid,
        resource_type text,
        resource_id uuid,
        purpose text,
        reason text,
        request_id uuid NOT NULL,
        origin text NOT NULL,
        count integer NOT NULL
      );
      CREATE INDEX ON audit.entry (action, leaf_index DESC);
      CREATE INDEX ON audit.entry (actor_id, leaf_index DESC);
      CREATE INDEX ON audit.entry (client_id, leaf_index DESC);
      CREATE INDEX ON audit.entry (agency_id, leaf_index DESC);
      CREATE INDEX ON audit.entry (outcome, leaf_index DESC) WHERE outcome <> 'allowed';
      CREATE INDEX ON audit.entry (at);

      -- Whose data an entry touched, under a reference that means nothing without audit.subject_reference.
      CREATE TABLE audit.subject_access (
        leaf_index bigint NOT NULL,
        position integer NOT NULL,
        subject uuid NOT NULL,
        application_id uuid,
        fields text[] NOT NULL,
        nonce bytea NOT NULL CHECK (octet_length(nonce) = 16),
        PRIMARY KEY (leaf_index, position)
      );
      CREATE INDEX ON audit.subject_access (subject, leaf_index DESC);

      CREATE TABLE audit.subject_reference (
        candidate_id uuid PRIMARY KEY,
        reference uuid NOT NULL UNIQUE
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

      CREATE TABLE audit.checkpoint (
        epoch integer NOT NULL,
        size bigint NOT NULL,
        root bytea NOT NULL,
        note text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (epoch, size)
      );

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
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.leaf FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit.leaf FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.checkpoint FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only BEFORE DELETE ON audit.tile FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit.tile FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER grow_only BEFORE UPDATE ON audit.tile FOR EACH ROW EXECUTE FUNCTION audit.grow_only();

      -- The app's one way in. Arrays of equal length, one element an entry.
      CREATE FUNCTION audit.append(entry_ids uuid[], writers uuid[], ns bigint[], envelopes bytea[], subjects bytea[], signatures bytea[])
      RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
        INSERT INTO audit.staging (entry_id, writer, n, envelope, subjects, signature)
        SELECT * FROM unnest(entry_ids, writers, ns, envelopes, subjects, signatures);
        SELECT pg_notify('sceau_staged', '');
      $$;

      -- Which of these entries a signed checkpoint covers.
      CREATE FUNCTION audit.sequenced(entry_ids uuid[])
      RETURNS TABLE (entry_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT e.entry_id FROM audit.entry e
        WHERE e.entry_id = ANY (entry_ids)
          AND e.leaf_index < (SELECT c.size FROM audit.checkpoint c ORDER BY c.epoch DESC, c.size DESC LIMIT 1);
      $$;

      -- The references of these candidates, made where there is none yet.
      CREATE FUNCTION audit.references_of(candidate_ids uuid[])
      RETURNS TABLE (candidate_id uuid, reference uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
      BEGIN
        INSERT INTO audit.subject_reference (candidate_id, reference)
        SELECT DISTINCT c, gen_random_uuid() FROM unnest(candidate_ids) AS c
        WHERE NOT EXISTS (SELECT FROM audit.subject_reference s WHERE s.candidate_id = c)
        ON CONFLICT DO NOTHING;
        RETURN QUERY SELECT s.candidate_id, s.reference FROM audit.subject_reference s WHERE s.candidate_id = ANY (candidate_ids);
      END
      $$;

      -- The month's partition, for the sequencer, which cannot create tables itself.
      CREATE FUNCTION audit.open_month(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
      BEGIN
        EXECUTE format('CREATE TABLE IF NOT EXISTS audit.%I PARTITION OF audit.leaf FOR VALUES FROM (%L) TO (%L)',
          'leaf_' || to_char(month, 'YYYY_MM'), date_trunc('month', month), date_trunc('month', month) + interval '1 month');
      END
      $$;

      REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.append(uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]) TO sceau_app, sceau_sequencer;
      GRANT EXECUTE ON FUNCTION audit.sequenced(uuid[]), audit.references_of(uuid[]) TO sceau_app;
      GRANT EXECUTE ON FUNCTION audit.open_month(date) TO sceau_sequencer;
      GRANT EXECUTE ON FUNCTION audit.refuse_change(), audit.grow_only() TO sceau_sequencer;

      GRANT SELECT, DELETE ON audit.staging TO sceau_sequencer;
      GRANT SELECT, INSERT ON audit.quarantine, audit.leaf, audit.entry, audit.subject_access, audit.checkpoint TO sceau_sequencer;
      GRANT SELECT, INSERT, UPDATE ON audit.writer, audit.tile, audit.tree_head TO sceau_sequencer;
      GRANT SELECT ON audit.leaf, audit.entry, audit.subject_access, audit.checkpoint, audit.tile, audit.tree_head TO sceau_auditor;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
