import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The kinds of documents without which no application for a vacancy can be submitted. */
export class RequiredDocuments1764000000081 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE vacancies.vacancy
        ADD COLUMN required_documents text[] NOT NULL DEFAULT '{}' CHECK (cardinality(required_documents) <= 8);
      ALTER TABLE vacancies.vacancy ALTER COLUMN required_documents DROP DEFAULT;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
