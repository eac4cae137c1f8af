import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The statement that issues tokens uses up the assertions too that they are asked for with, and counts them. */
export class IssuedByAssertions1764000000158 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION oauth.issue(bytea[], timestamptz[], uuid[], bytea[], uuid[], integer[], bytea[],
        timestamptz[], uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]);

      -- Arrays of equal length, one element a token; the caller has no assertion twice. What follows of one is done in
      -- this order, and ends where it cannot go on:
      -- its assertion is marked as used, if it is the first (a token may be asked for without one);
      -- it is counted against its client's limit, in the window that begins with the client's first;
      -- its proof is marked as used, if it is the first (a token may be asked for without one);
      -- its token is added, if its client stands as it did when it was read, and the entry of that is appended. Of a
      -- client that is being changed it is left out rather than waited for.
      -- Whatever waits for another statement does so for assertions, limits and proofs in turn, each in order.
      CREATE FUNCTION oauth.issue(assertions bytea[], asserted_untils timestamptz[],
          limit_keys text[], limit_seconds integer[], limit_points integer[],
          proofs bytea[], proven_untils timestamptz[],
          ids uuid[], digests bytea[], clients uuid[], revisions integer[], payloads bytea[], untils timestamptz[],
          entry_ids uuid[], writers uuid[], ns bigint[], envelopes bytea[], subjects bytea[], signatures bytea[])
        RETURNS TABLE (id uuid, is_asserted boolean, count integer, left_ms integer, is_proven boolean, is_added boolean)
        LANGUAGE sql SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        WITH asked AS (
          SELECT * FROM unnest(assertions, asserted_untils, limit_keys, limit_seconds, limit_points, proofs, proven_untils,
              ids, digests, clients, revisions, payloads, untils,
              entry_ids, writers, ns, envelopes, subjects, signatures) WITH ORDINALITY
            AS a (assertion, asserted_until, limit_key, seconds, points, proof, proven_until,
              id, digest, client, revision, payload, until,
              entry_id, writer, n, envelope, subjects, signature, place)
        ), asserted AS (
          INSERT INTO oauth.replay (digest, expires_at)
          SELECT a.assertion, a.asserted_until FROM asked AS a WHERE a.assertion IS NOT NULL ORDER BY a.assertion
          ON CONFLICT DO NOTHING RETURNING digest
        ), attempts AS (
          SELECT a.id, a.limit_key AS key, a.seconds,
            row_number() OVER (PARTITION BY a.limit_key ORDER BY a.place) - count(*) OVER (PARTITION BY a.limit_key) AS back
          FROM asked AS a JOIN asserted AS d ON d.digest = a.assertion
        ), counted AS (
          INSERT INTO platform.rate_limit AS r (key, points, expire)
          SELECT t.key, count(*), (extract(epoch FROM now()) * 1000)::bigint + 1000 * max(t.seconds)
          FROM attempts AS t GROUP BY t.key ORDER BY t.key
          ON CONFLICT (key) DO UPDATE SET
            points = CASE WHEN r.expire > (extract(epoch FROM now()) * 1000)::bigint THEN r.points ELSE 0 END + excluded.points,
            expire = CASE WHEN r.expire > (extract(epoch FROM now()) * 1000)::bigint THEN r.expire ELSE excluded.expire END
          RETURNING key, points, (expire - (extract(epoch FROM now()) * 1000)::bigint)::integer AS left_ms
        ), placed AS (
          SELECT t.id, (c.points + t.back)::integer AS count, c.left_ms
          FROM attempts AS t JOIN counted AS c ON c.key = t.key
        ), admitted AS (
          SELECT a.*, row_number() OVER (PARTITION BY a.proof ORDER BY a.place) AS nth
          FROM asked AS a LEFT JOIN placed AS p ON p.id = a.id
          WHERE a.assertion IS NULL OR p.count <= a.points
        ), marked AS (
          INSERT INTO oauth.replay (digest, expires_at)
          SELECT a.proof, a.proven_until FROM admitted AS a WHERE a.proof IS NOT NULL AND a.nth = 1 ORDER BY a.proof
          ON CONFLICT DO NOTHING RETURNING digest
        ), proven AS (
          SELECT a.* FROM admitted AS a
          WHERE a.proof IS NULL OR a.nth = 1 AND a.proof IN (SELECT m.digest FROM marked AS m)
        ), held AS (
          SELECT p.* FROM proven AS p
          JOIN agencies.client AS c ON c.id = p.client AND c.status = 'active' AND c.revision = p.revision
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
        SELECT a.id, a.assertion IS NULL OR p.id IS NOT NULL, p.count, p.left_ms,
          a.id IN (SELECT q.id FROM proven AS q), a.id IN (SELECT d.id FROM added AS d)
        FROM asked AS a LEFT JOIN placed AS p ON p.id = a.id CROSS JOIN appended
      $$;

      REVOKE EXECUTE ON FUNCTION oauth.issue(bytea[], timestamptz[], text[], integer[], integer[], bytea[], timestamptz[],
        uuid[], bytea[], uuid[], integer[], bytea[], timestamptz[],
        uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION oauth.issue(bytea[], timestamptz[], text[], integer[], integer[], bytea[], timestamptz[],
        uuid[], bytea[], uuid[], integer[], bytea[], timestamptz[],
        uuid[], uuid[], bigint[], bytea[], bytea[], bytea[]) TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
