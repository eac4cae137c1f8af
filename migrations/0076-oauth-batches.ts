import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What requests of agencies ask, for as many requests at once as there are: see `platform/database/batch.ts`. */
export class OauthBatches1764000000076 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION oauth.first_use(bytea, timestamptz), agencies.active_client(uuid);

      -- One statement decides: of any number at the same moment exactly one is the first. In order, so that two
      -- processes with the same identifiers do not wait for each other. The caller has no identifier twice.
      CREATE FUNCTION oauth.first_uses(identifiers bytea[], untils timestamptz[]) RETURNS TABLE (digest bytea)
        LANGUAGE sql SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        INSERT INTO oauth.replay (digest, expires_at)
        SELECT a.identifier, a.until FROM unnest(identifiers, untils) AS a (identifier, until) ORDER BY a.identifier
        ON CONFLICT DO NOTHING RETURNING replay.digest
      $$;

      CREATE FUNCTION agencies.active_clients(clients uuid[]) RETURNS SETOF agencies.client
        LANGUAGE sql STABLE SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        SELECT c.* FROM agencies.client AS c WHERE c.id = ANY (clients) AND c.status = 'active'
      $$;

      -- Tokens that are good at this moment, with the clients that they were issued to as long as these are active. The
      -- proof that came with a token is marked as used when there are both; without a mark nothing is.
      CREATE FUNCTION oauth.presented(values_digests bytea[], marks bytea[], untils timestamptz[], now timestamptz)
        RETURNS TABLE (place integer, token_id uuid, payload bytea, is_first boolean, id uuid, agency_id uuid,
          status text, metadata bytea, created_at timestamptz, updated_at timestamptz, revision integer, mac bytea)
        LANGUAGE sql SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        WITH found AS (
          SELECT a.place::integer, a.mark, a.until, r.id AS token_id, r.payload, c.*
          FROM unnest(values_digests, marks, untils) WITH ORDINALITY AS a (token, mark, until, place)
          JOIN oauth.record AS r ON r.digest = a.token AND r.expires_at > now
          LEFT JOIN agencies.client AS c ON c.id = r.client_id AND c.status = 'active'
        ), added AS (
          INSERT INTO oauth.replay (digest, expires_at)
          SELECT f.mark, max(f.until) FROM found AS f WHERE f.mark IS NOT NULL AND f.id IS NOT NULL
          GROUP BY f.mark ORDER BY f.mark
          ON CONFLICT DO NOTHING RETURNING digest
        )
        SELECT f.place, f.token_id, f.payload, EXISTS (SELECT FROM added WHERE added.digest = f.mark),
          f.id, f.agency_id, f.status, f.metadata, f.created_at, f.updated_at, f.revision, f.mac
        FROM found AS f
      $$;

      REVOKE EXECUTE ON FUNCTION oauth.first_uses(bytea[], timestamptz[]), agencies.active_clients(uuid[]),
        oauth.presented(bytea[], bytea[], timestamptz[], timestamptz) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION oauth.first_uses(bytea[], timestamptz[]), agencies.active_clients(uuid[]),
        oauth.presented(bytea[], bytea[], timestamptz[], timestamptz) TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
