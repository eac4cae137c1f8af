import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An endpoint that is off because its receiver has said that it is no more (410 Gone). */
export class WebhooksGone1764000000075 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhooks.endpoint DROP CONSTRAINT endpoint_status_check;
      ALTER TABLE webhooks.endpoint ADD CONSTRAINT endpoint_status_check
        CHECK (status IN ('enabled', 'disabled', 'gone'));
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
