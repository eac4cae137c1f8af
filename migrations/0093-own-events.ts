import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A candidate's events, newest first, whichever application they are of. */
export class OwnEvents1764000000093 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ON applications.event (candidate_id, at DESC, id DESC)');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
