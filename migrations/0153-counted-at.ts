import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a candidate was counted, so that to show them again costs nothing for an hour, and not only until the clock's. */
export class CountedAt1764000000153 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE disclosure.spent ADD COLUMN counted_at timestamptz;
      UPDATE disclosure.spent SET counted_at = hour;
      ALTER TABLE disclosure.spent ALTER COLUMN counted_at SET NOT NULL,
        ADD CHECK (hour = date_trunc('hour', counted_at, 'UTC'));

      -- What counts for an hour that is over lets read in the running one. Processes' clocks may differ by some minutes.
      DROP POLICY spend_own ON disclosure.spent;
      CREATE POLICY spend_own ON disclosure.spent FOR INSERT
        WITH CHECK (current_setting('sceau.scope', true) = 'agency'
                    AND agency_id = nullif(current_setting('sceau.agency_id', true), '')::uuid
                    AND counted_at > now() - interval '10 minutes');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
