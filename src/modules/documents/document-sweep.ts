import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { LooseObjects } from './loose-objects.js';

/** Deletes what nobody will be shown any more, and what was cut off. */
@Injectable()
export class DocumentSweep {
  readonly #database: Database;
  readonly #loose: LooseObjects;
  readonly #jobs: Jobs;

  constructor(database: Database, loose: LooseObjects, jobs: Jobs) {
    this.#database = database;
    this.#loose = loose;
    this.#jobs = jobs;
  }

  /** Every ten minutes, by one worker. */
  async start(): Promise<void> {
    await this.#jobs.work('document_sweep', async () => {
      await this.run();
    });
    await this.#jobs.schedule('document_sweep', '*/10 * * * *', {});
  }

  /** May be repeated. @returns how many objects were deleted in the store */
  async run(): Promise<number> {
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query(
        `DELETE FROM documents.document AS d
         WHERE d.removed_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM documents.attachment AS a WHERE a.document_id = d.id AND a.state = 'sent')`,
      ),
    );
    return this.#loose.sweep();
  }
}
