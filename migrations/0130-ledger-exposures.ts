import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an incident's impact is found by: the key that a program has shown, sessions, origins, and whom references stand for. */
export class LedgerExposures1764000000130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      -- Thumbprint of the key that an agency's program has proven to hold.
      ALTER TABLE audit.entry ADD COLUMN key text;
      CREATE INDEX ON audit.entry (key, leaf_index DESC) WHERE key IS NOT NULL;
      CREATE INDEX ON audit.entry (session_id, leaf_index DESC) WHERE session_id IS NOT NULL;
      CREATE INDEX ON audit.entry (origin_address, leaf_index DESC);
      CREATE INDEX ON audit.entry (origin_network, leaf_index DESC);
      CREATE OR REPLACE VIEW audit.entries AS SELECT * FROM audit.entry;

      DROP FUNCTION audit.index_entries(bigint, uuid[], timestamptz[], text[], text[], text[], text[], text[], uuid[], uuid[],
        uuid[], text[], text[], text[], uuid[], text[], text[], integer[]);
      CREATE FUNCTION audit.index_entries(first bigint, entry_ids uuid[], ats timestamptz[], actions text[], outcomes text[],
        reasons text[], actor_kinds text[], actor_ids text[], client_ids uuid[], agency_ids uuid[], session_ids uuid[],
        resource_types text[], resource_ids text[], purposes text[], request_ids uuid[], origin_addresses text[],
        origin_networks text[], counts integer[], keys text[])
      RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
        INSERT INTO audit.entry (leaf_index, entry_id, at, action, outcome, reason, actor_kind, actor_id, client_id, agency_id,
          session_id, resource_type, resource_id, purpose, request_id, origin_address, origin_network, count, key)
        SELECT first + o - 1, id, at, action, outcome, reason, actor_kind, actor_id, client, agency, session, resource_type,
               resource_id, purpose, request, origin_address, origin_network, count, key
        FROM unnest(entry_ids, ats, actions, outcomes, reasons, actor_kinds, actor_ids, client_ids, agency_ids, session_ids,
          resource_types, resource_ids, purposes, request_ids, origin_addresses, origin_networks, counts, keys) WITH ORDINALITY
          AS t (id, at, action, outcome, reason, actor_kind, actor_id, client, agency, session, resource_type, resource_id,
                purpose, request, origin_address, origin_network, count, key, o);
      $$;

      -- The candidates of these references; one whose tie was cut, or who never was, is not among them.
      CREATE FUNCTION audit.candidates_of(pseudonyms uuid[])
      RETURNS TABLE (reference uuid, candidate_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT s.reference, s.candidate_id FROM audit.subject_reference s WHERE s.reference = ANY (pseudonyms);
      $$;

      REVOKE ALL ON FUNCTION audit.index_entries(bigint, uuid[], timestamptz[], text[], text[], text[], text[], text[], uuid[],
        uuid[], uuid[], text[], text[], text[], uuid[], text[], text[], integer[], text[]), audit.candidates_of(uuid[]) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION audit.index_entries(bigint, uuid[], timestamptz[], text[], text[], text[], text[], text[], uuid[],
        uuid[], uuid[], text[], text[], text[], uuid[], text[], text[], integer[], text[]) TO sceau_sequencer;
      GRANT EXECUTE ON FUNCTION audit.candidates_of(uuid[]) TO sceau_app;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
