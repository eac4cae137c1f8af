import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An object is given up before it is deleted: `-infinity` says that no document can have it any more. */
export class ObjectsGivenUp1764000000148 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('GRANT UPDATE (due_at) ON documents.loose_object TO sceau_app');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
