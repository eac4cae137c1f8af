import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From what program and network a session was opened, for its owner to recognise it by. */
export class SessionOrigin1764000000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE identity.session ADD COLUMN origin bytea NOT NULL CHECK (platform.is_sealed(origin));
      SELECT platform.fence_sealed('identity.session', 'NEW.account_id', ARRAY['origin']);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
