import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Places outside that keep the ledger's checkpoints. What they have taken is written by the sequencer's role: who
 * writes entries must not be able to say that they are safe.
 */
export class LedgerSinks1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      -- The newest checkpoint that each has taken, and what it is said to be in the ledger: behind, or objecting.
      CREATE TABLE audit.sink (
        name text PRIMARY KEY,
        since timestamptz NOT NULL,
        epoch integer NOT NULL DEFAULT 0,
        size bigint NOT NULL DEFAULT 0,
        taken_at timestamptz,
        alerted boolean NOT NULL DEFAULT false,
        objection text
      );

      -- What witnesses have signed, one line each.
      CREATE TABLE audit.cosignature (
        epoch integer NOT NULL,
        size bigint NOT NULL,
        sink text NOT NULL,
        line text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (epoch, size, sink)
      );
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.cosignature
        FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
      CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit.cosignature
        FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

      CREATE VIEW audit.cosignatures AS SELECT epoch, size, sink, line, at FROM audit.cosignature;
      -- behind_since: since when a sink lacks a kept checkpoint, but not since before it was one; NULL while it has the newest.
      CREATE VIEW audit.sinks AS SELECT s.name, s.since, s.epoch, s.size, s.taken_at, s.objection,
        (SELECT greatest(s.since, c.at) FROM audit.checkpoint c WHERE (c.epoch, c.size) > (s.epoch, s.size)
         ORDER BY c.epoch, c.size LIMIT 1) AS behind_since FROM audit.sink s;

      GRANT SELECT, INSERT, UPDATE ON audit.sink TO sceau_sequencer;
      GRANT INSERT ON audit.cosignature TO sceau_sequencer;
      GRANT SELECT ON audit.sinks TO sceau_sequencer;
      GRANT SELECT ON audit.sinks, audit.cosignatures TO sceau_auditor;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
