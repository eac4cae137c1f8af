import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one role that the key store knows. It comes first, since the store may be a database, or a server, of its own. */
export class KeysRole1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sceau_app') THEN
          CREATE ROLE sceau_app NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
        END IF;
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO sceau_app', current_database());
      END
      $$;
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
