import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which letters about an incident reached nobody, and how many mails of any kind nobody was told of. */
export class UndeliverableMail1764000000154 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The last letter: none of before is known by its mail. Its MAC covers the three where there is one.
      ALTER TABLE incidents.notice ADD COLUMN mail_id uuid,
        ADD COLUMN is_further boolean NOT NULL DEFAULT false,
        -- NULL: nobody has answered yet, neither a mail server nor the end of the time for trying.
        ADD COLUMN reached boolean;
      ALTER TABLE incidents.notice ALTER COLUMN is_further DROP DEFAULT;
      CREATE INDEX ON incidents.notice (mail_id);
      GRANT UPDATE (mail_id, is_further, reached) ON incidents.notice TO sceau_app;

      -- One row: mails that were given up since operators were last told of some.
      CREATE TABLE platform.undeliverable_mail (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        count integer NOT NULL CHECK (count >= 0),
        told_at timestamptz
      );
      GRANT SELECT, INSERT ON platform.undeliverable_mail TO sceau_app;
      GRANT UPDATE (count, told_at) ON platform.undeliverable_mail TO sceau_app;
      ALTER TABLE platform.undeliverable_mail ENABLE ROW LEVEL SECURITY;
      ALTER TABLE platform.undeliverable_mail FORCE ROW LEVEL SECURITY;
      CREATE POLICY jobs ON platform.undeliverable_mail USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
