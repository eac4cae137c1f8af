import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Documents: their content lies in a store of objects, sealed under a key of its own that is sealed here. */
export class Documents1764000000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA documents;
      GRANT USAGE ON SCHEMA documents TO sceau_app;

      CREATE TABLE documents.document (
        id uuid PRIMARY KEY,
        candidate_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
        status text NOT NULL CHECK (status IN ('available', 'quarantined')),
        media_type text NOT NULL CHECK (media_type ~ '^[a-z]+/[a-z0-9.+-]{1,80}$'),
        size integer NOT NULL CHECK (size BETWEEN 1 AND 10485760),
        -- Name and digest of the content.
        details bytea NOT NULL CHECK (platform.is_sealed(details)),
        document_key bytea NOT NULL CHECK (platform.is_sealed(document_key)),
        -- Random: the store learns from it neither whose it is nor since when.
        object text NOT NULL UNIQUE CHECK (object ~ '^[0-9a-f]{32}$'),
        created_at timestamptz NOT NULL,
        -- Since when its candidate has it no more; it stays as long as an application that was sent holds it.
        removed_at timestamptz
      );
      CREATE INDEX ON documents.document (candidate_id, created_at DESC, id DESC);
      CREATE INDEX ON documents.document (removed_at) WHERE removed_at IS NOT NULL;
      SELECT platform.fence_sealed('documents.document', 'NEW.candidate_id', ARRAY['details', 'document_key']);

      -- Which documents an application has. 'ended': nobody will be shown them any more.
      CREATE TABLE documents.attachment (
        application_id uuid NOT NULL REFERENCES applications.application ON DELETE CASCADE,
        document_id uuid NOT NULL REFERENCES documents.document ON DELETE CASCADE,
        candidate_id uuid NOT NULL,
        agency_id uuid NOT NULL,
        position smallint NOT NULL,
        state text NOT NULL CHECK (state IN ('draft', 'sent', 'ended')),
        PRIMARY KEY (application_id, document_id)
      );
      CREATE INDEX ON documents.attachment (document_id);

      -- Names of objects that the store may hold and no document has: of an upload that is under way or was cut off, of a
      -- document that is gone. When they are due, they are deleted in the store and then here.
      CREATE TABLE documents.loose_object (
        object text PRIMARY KEY CHECK (object ~ '^[0-9a-f]{32}$'),
        candidate_id uuid NOT NULL,
        due_at timestamptz NOT NULL
      );
      CREATE INDEX ON documents.loose_object (due_at);

      -- Whatever deletes a document leaves the name of its object to be swept.
      CREATE FUNCTION documents.loosen_object() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
      BEGIN
        INSERT INTO documents.loose_object (object, candidate_id, due_at) VALUES (OLD.object, OLD.candidate_id, '-infinity');
        RETURN NULL;
      END
      $$;
      CREATE TRIGGER loosen_object AFTER DELETE ON documents.document
        FOR EACH ROW EXECUTE FUNCTION documents.loosen_object();

      GRANT SELECT, INSERT, DELETE ON documents.document TO sceau_app;
      GRANT UPDATE (status, removed_at, details, document_key) ON documents.document TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON documents.attachment TO sceau_app;
      GRANT UPDATE (state) ON documents.attachment TO sceau_app;
      GRANT SELECT, INSERT, DELETE ON documents.loose_object TO sceau_app;

      ALTER TABLE documents.attachment ENABLE ROW LEVEL SECURITY;
      ALTER TABLE documents.attachment FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON documents.attachment
        USING (current_setting('sceau.scope', true) = 'candidate' AND candidate_id::text = current_setting('sceau.candidate_id', true));
      CREATE POLICY received ON documents.attachment
        USING (current_setting('sceau.scope', true) = 'agency' AND agency_id::text = current_setting('sceau.agency_id', true)
               AND state <> 'draft');
      CREATE POLICY jobs ON documents.attachment USING (current_setting('sceau.scope', true) = 'system');

      ALTER TABLE documents.document ENABLE ROW LEVEL SECURITY;
      ALTER TABLE documents.document FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON documents.document
        USING (current_setting('sceau.scope', true) = 'candidate' AND candidate_id::text = current_setting('sceau.candidate_id', true));
      -- What was sent to the agency, and to nobody else.
      CREATE POLICY received ON documents.document FOR SELECT
        USING (current_setting('sceau.scope', true) = 'agency'
               AND EXISTS (SELECT FROM documents.attachment AS a
                           WHERE a.document_id = document.id AND a.state <> 'draft'
                             AND a.agency_id::text = current_setting('sceau.agency_id', true)));
      CREATE POLICY jobs ON documents.document USING (current_setting('sceau.scope', true) = 'system');

      ALTER TABLE documents.loose_object ENABLE ROW LEVEL SECURITY;
      ALTER TABLE documents.loose_object FORCE ROW LEVEL SECURITY;
      CREATE POLICY own ON documents.loose_object
        USING (current_setting('sceau.scope', true) = 'candidate' AND candidate_id::text = current_setting('sceau.candidate_id', true));
      CREATE POLICY jobs ON documents.loose_object USING (current_setting('sceau.scope', true) = 'system');
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only: restore a backup instead.'));
  }
}
