import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens are issued by one statement: with the marks of the proofs that came for them, and with their entries. */
export class IssuedTokens1764000000140 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Arrays of equal length, one element a token; the caller has no mark twice. The proof is marked as used whatever
      -- becomes of the token. A token is added when its proof is the first (or there is none) and its client stands as
      -- it did when it was read; one of a client that is being changed is left out rather than waited for. Entries are
      -- appended for those that are added, and for no other.
      CREATE FUNCTION oauth.issue(marks bytea[], marked_untils timestamptz[],
          ids uuid[], digests bytea[], clients uuid[], revisions integer[], payloads bytea[], untils timestamptz[],
          entry_ids uuid[], writers uuid[], ns bigint[], envelopes bytea[], subjects bytea[], signatures bytea[])
        RETURNS TABLE (id uuid, is_first boolean, is_added boolean)
        LANGUAGE sql SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        WITH asked AS (
          SELECT * FROM unnest(marks, marked_untils, ids, digests, clients, revisions, payloads, untils,
              entry_ids, writers, ns, envelopes, subjects, signatures)
            AS a (mark, marked_until, id, digest, client, revision, payload, until,
              entry_id, writer, n, envelope, subjects, signature)
        ), marked AS (
          INSERT INTO oauth.replay (digest, expires_at)
          SELECT a.mark, a.marked_until FROM asked AS a WHERE a.mark IS NOT NULL ORDER BY a.mark
          ON CONFLICT DO NOTHING RETURNING digest
        ), held AS (
          SELECT a.* FROM asked AS a
          JOIN agencies.client AS c ON c.id = a.client AND c.status = 'active' AND c.revision = a.revision
          WHERE a.mark IS NULL OR a.mark IN (SELECT digest FROM marked)
          FOR SHARE OF c SKIP LOCKED
        ), added AS (
          INSERT INTO oauth.record (id, digest, client_id, payload, expires_at)
          SELECT h.id, h.digest, h.client, h.payload, h.until FROM held AS h
          RETURNING record.id
        ), appended AS (
          SELECT audit.append(array_agg(h.entry_id), array_agg(h.writer), array_agg(h.n), array_agg(h.envelope),
            array_agg(h.subjects), array_agg(h.signature))
          FROM held AS h JOIN added AS d ON d.id = h.id
        )
        SELECT a.id, a.mark IS NULL OR a.mark IN (SELECT digest FROM marked), a.id IN (SELECT d.id FROM added AS d)
        FROM asked AS a, appended
      $$;

      REVOKE EXECUTE ON FUNCTION oauth.issue(bytea[], timestamptz[], uuid[], bytea[], uuid[], integer[], bytea[],
        timestamptz[], uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION oauth.issue(bytea[], timestamptz[], uuid[], bytea[], uuid[], integer[], bytea[],
        timestamptz[], uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]) TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
