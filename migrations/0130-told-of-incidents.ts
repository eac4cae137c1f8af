import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was told of which incident. */
export class ToldOfIncidents1764000000130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Each candidate is told once of an incident. What they were told is sealed; the MAC covers all else.
      CREATE TABLE incidents.notice (
        id uuid PRIMARY KEY,
        incident_id uuid NOT NULL REFERENCES incidents.incident,
        candidate_id uuid NOT NULL,
        told bytea NOT NULL CHECK (platform.is_sealed(told)),
        created_at timestamptz NOT NULL,
        mac bytea NOT NULL CHECK (octet_length(mac) = 32),
        UNIQUE (incident_id, candidate_id)
      );
      CREATE INDEX ON incidents.notice (candidate_id);
      SELECT platform.fence_sealed('incidents.notice', 'NEW.candidate_id', ARRAY['told']);

      GRANT SELECT, INSERT, DELETE ON incidents.notice TO sceau_app;
      GRANT UPDATE (told) ON incidents.notice TO sceau_app;
      ALTER TABLE incidents.notice ENABLE ROW LEVEL SECURITY;
      ALTER TABLE incidents.notice FORCE ROW LEVEL SECURITY;
      CREATE POLICY jobs ON incidents.notice USING (current_setting('sceau.scope', true) = 'system');
      CREATE POLICY own ON incidents.notice FOR SELECT
        USING (current_setting('sceau.scope', true) = 'candidate'
               AND candidate_id = nullif(current_setting('sceau.candidate_id', true), '')::uuid);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
