import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Incidents: what is known of each. Whose data was affected is the ledger's to say. */
export class Incidents1764000000130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA incidents;
      GRANT USAGE ON SCHEMA incidents TO sceau_app;

      -- What operators have noted is sealed, and the row is a security record: a planted or altered incident counts for
      -- nothing.
      CREATE TABLE incidents.incident (
        id uuid PRIMARY KEY,
        status text NOT NULL CHECK (status IN ('open', 'closed')),
        details bytea NOT NULL CHECK (platform.is_sealed(details)),
        opened_at timestamptz NOT NULL,
        -- When containment was first ordered: sessions and keys from before are ended and renewed.
        contained_at timestamptz,
        closed_at timestamptz,
        revision integer NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32),
        CHECK ((status = 'closed') = (closed_at IS NOT NULL))
      );
      SELECT platform.fence_sealed('incidents.incident', $owner$ '01900000-0000-7000-8000-000000000001'::uuid $owner$, ARRAY['details']);

      GRANT SELECT, INSERT ON incidents.incident TO sceau_app;
      GRANT UPDATE (status, details, contained_at, closed_at, revision, mac) ON incidents.incident TO sceau_app;

      ALTER TABLE incidents.incident ENABLE ROW LEVEL SECURITY;
      ALTER TABLE incidents.incident FORCE ROW LEVEL SECURITY;
      CREATE POLICY jobs ON incidents.incident USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
