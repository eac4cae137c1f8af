import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { Rounds } from '../../platform/jobs/rounds.js';
import { LooseObjects } from './loose-objects.js';

/** Deletes what nobody will be shown any more, and what was cut off. */
@Injectable()
export class DocumentSweep {
  readonly #database: Database;
  readonly #loose: LooseObjects;
  readonly #rounds: Rounds;

  constructor(database: Database, loose: LooseObjects, rounds: Rounds) {
    this.#database = database;
    this.#loose = loose;
    this.#rounds = rounds;
  }

  /** Every ten minutes. */
  async start(): Promise<void> {
    await this.#rounds.every(10, 'document_sweep', async () => {
      await this.run();
    });
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
