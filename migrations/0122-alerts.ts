import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far operators have been told of the ledger's alerts, by each way. */
export class Alerts1764000000122 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whoever could move it on would keep alerts from being told: one that the product has not written counts as none.
      CREATE TABLE platform.alert_cursor (
        way text PRIMARY KEY CHECK (way IN ('mail', 'webhook')),
        leaf_index bigint NOT NULL CHECK (leaf_index >= 0),
        mac bytea NOT NULL CHECK (octet_length(mac) = 32)
      );
      GRANT SELECT, INSERT ON platform.alert_cursor TO sceau_app;
      GRANT UPDATE (leaf_index, mac) ON platform.alert_cursor TO sceau_app;
      ALTER TABLE platform.alert_cursor ENABLE ROW LEVEL SECURITY;
      ALTER TABLE platform.alert_cursor FORCE ROW LEVEL SECURITY;
      CREATE POLICY jobs ON platform.alert_cursor USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
