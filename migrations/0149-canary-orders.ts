import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Canaries that are yet to sign up: by the processes that serve everybody, so that the ledger's writers tell nothing. */
export class CanaryOrders1764000000149 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA canaries;
      GRANT USAGE ON SCHEMA canaries TO sceau_app;

      -- Who it will be, where they apply and when is sealed. Gone once they have applied.
      CREATE TABLE canaries.planting (
        id uuid PRIMARY KEY,
        content bytea NOT NULL CHECK (platform.is_sealed(content)),
        -- How often it was begun, and until when it is being done.
        attempt integer NOT NULL,
        held_until timestamptz
      );
      SELECT platform.fence_sealed('canaries.planting', $owner$ '01900000-0000-7000-8000-000000000001'::uuid $owner$, ARRAY['content']);

      GRANT SELECT, INSERT, DELETE ON canaries.planting TO sceau_app;
      GRANT UPDATE (content, attempt, held_until) ON canaries.planting TO sceau_app;

      ALTER TABLE canaries.planting ENABLE ROW LEVEL SECURITY;
      ALTER TABLE canaries.planting FORCE ROW LEVEL SECURITY;
      CREATE POLICY jobs ON canaries.planting USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
