import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a verifier needs to find what was removed beside the tree: cosignatures, refused entries, the sequencer's own notes. */
export class LedgerEvidence1764000000144 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL ROLE sceau_ledger;

      -- Cosignatures of a sink are numbered from 1 on. The mark is a keyed hash of number and line, which nobody with the
      -- database alone can make: none can be removed and the others numbered anew. Those from before have neither.
      ALTER TABLE audit.cosignature ADD COLUMN n bigint CHECK (n > 0), ADD COLUMN mark text,
        ADD CHECK ((n IS NULL) = (mark IS NULL)), ADD UNIQUE (sink, n);
      ALTER TABLE audit.sink ADD COLUMN cosigned bigint NOT NULL DEFAULT 0;
      CREATE OR REPLACE VIEW audit.cosignatures AS SELECT epoch, size, sink, line, at, n, mark FROM audit.cosignature;
      CREATE OR REPLACE VIEW audit.sinks AS SELECT s.name, s.since, s.epoch, s.size, s.taken_at, s.objection,
        (SELECT greatest(s.since, c.at) FROM audit.checkpoint c WHERE (c.epoch, c.size) > (s.epoch, s.size)
         ORDER BY c.epoch, c.size LIMIT 1) AS behind_since, s.cosigned FROM audit.sink s;

      -- A page of the tree is read with the checkpoints of its sizes.
      CREATE INDEX ON audit.checkpoint (size, epoch);

      -- What the sequencer notes of the tree for itself.
      CREATE VIEW audit.head AS SELECT epoch, size, root FROM audit.tree_head;
      CREATE VIEW audit.writers AS SELECT writer, stream, public_key, mark, sequenced, last FROM audit.writer;

      GRANT SELECT ON audit.cosignature TO sceau_sequencer;
      GRANT SELECT ON audit.head, audit.writers TO sceau_auditor;

      RESET ROLE;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
