import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each request of an agency asks the database, as one statement each: the scope is entered by the function, and no
 * transaction has to be begun and ended around it. Nothing is allowed by them that their caller may not do.
 */
export class OauthFunctions1764000000071 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One statement decides: of any number at the same moment exactly one is the first.
      CREATE FUNCTION oauth.first_use(identifier bytea, until timestamptz) RETURNS boolean
        LANGUAGE sql SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        WITH added AS (
          INSERT INTO oauth.replay (digest, expires_at) VALUES (identifier, until) ON CONFLICT DO NOTHING RETURNING 1
        )
        SELECT EXISTS (SELECT FROM added)
      $$;

      CREATE FUNCTION oauth.live_token(value_digest bytea, now timestamptz) RETURNS TABLE (id uuid, payload bytea)
        LANGUAGE sql STABLE SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        SELECT r.id, r.payload FROM oauth.record AS r WHERE r.digest = value_digest AND r.expires_at > now
      $$;

      CREATE FUNCTION agencies.active_client(client uuid) RETURNS SETOF agencies.client
        LANGUAGE sql STABLE SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        SELECT c.* FROM agencies.client AS c WHERE c.id = client AND c.status = 'active'
      $$;

      -- Clears away what has expired, so much at a time and nothing that somebody else is at.
      CREATE FUNCTION oauth.sweep(now timestamptz, most integer) RETURNS void
        LANGUAGE sql SET search_path = pg_catalog SET sceau.scope = 'system' AS $$
        DELETE FROM oauth.replay WHERE digest IN (
          SELECT digest FROM oauth.replay WHERE expires_at <= now LIMIT most FOR UPDATE SKIP LOCKED);
        DELETE FROM oauth.record WHERE id IN (
          SELECT id FROM oauth.record WHERE expires_at <= now LIMIT most FOR UPDATE SKIP LOCKED);
      $$;

      REVOKE EXECUTE ON FUNCTION oauth.first_use(bytea, timestamptz), oauth.live_token(bytea, timestamptz),
        oauth.sweep(timestamptz, integer), agencies.active_client(uuid) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION oauth.first_use(bytea, timestamptz), oauth.live_token(bytea, timestamptz),
        oauth.sweep(timestamptz, integer), agencies.active_client(uuid) TO sceau_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
