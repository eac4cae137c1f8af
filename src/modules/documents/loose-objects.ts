import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import type { CandidateId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { Database } from '../../platform/database/database.js';
import { ObjectStore } from '../../platform/objects/object-store.js';
import { DocumentEntity } from './persistence/document.entity.js';

/** Longer than any request may take: an upload that has not become a document by then was cut off. */
const UPLOAD_MS = 3_600_000;
const NAME_BYTES = 16;
const BATCH = 100;

/**
 * Objects that no document has. An object's name is noted before the store is given it and struck out in the transaction
 * that makes it a document's, so that whatever dies in between leaves nothing that is not known. One that is deleted is
 * given up first, so that nothing that is being deleted becomes a document's.
 */
@Injectable()
export class LooseObjects {
  readonly #database: Database;
  readonly #store: ObjectStore;
  readonly #randomness: Randomness;
  readonly #clock: Clock;

  constructor(database: Database, store: ObjectStore, randomness: Randomness, clock: Clock) {
    this.#database = database;
    this.#store = store;
    this.#randomness = randomness;
    this.#clock = clock;
  }

  /** A name for an object that is about to be stored. */
  async expect(candidateId: CandidateId): Promise<string> {
    const object = this.#randomness.bytes(NAME_BYTES).toString('hex');
    const due = new Date(this.#clock.now().getTime() + UPLOAD_MS);
    await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.query('INSERT INTO documents.loose_object (object, candidate_id, due_at) VALUES ($1, $2, $3)', [
        object,
        candidateId,
        due,
      ]),
    );
    return object;
  }

  /** From this transaction's commit on the object is a document's. @throws Failure `service_unavailable` when it was swept */
  async claim(manager: EntityManager, object: string): Promise<void> {
    const [, claimed]: [unknown, number] = await manager.query(
      "DELETE FROM documents.loose_object WHERE object = $1 AND due_at > '-infinity'",
      [object],
    );
    if (claimed !== 1) throw new Failure('service_unavailable', { privateDetail: 'the object was swept' });
  }

  /** Deletes one, unless it is a document's by now. What cannot be deleted at once is swept later. */
  async discard(candidateId: CandidateId, object: string): Promise<void> {
    await this.#remove({ kind: 'candidate', candidateId }, object).catch(() => undefined);
  }

  /** Deletes what is due, if need be in several runs. May be done by several at once. @returns how many there were */
  async sweep(): Promise<number> {
    const due: { object: string }[] = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('SELECT object FROM documents.loose_object WHERE due_at <= $1 ORDER BY due_at LIMIT $2', [
        this.#clock.now(),
        BATCH,
      ]),
    );
    for (const { object } of due) await this.#remove({ kind: 'system' }, object);
    return due.length < BATCH ? due.length : due.length + (await this.sweep());
  }

  /** Everything that is left of a candidate, uploads that are under way included: they come to nothing. */
  async removeAllOf(candidateId: CandidateId): Promise<void> {
    const left: { object: string }[] = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('SELECT object FROM documents.loose_object WHERE candidate_id = $1', [candidateId]),
    );
    for (const { object } of left) await this.#remove({ kind: 'system' }, object);
  }

  async #remove(scope: Parameters<Database['run']>[0], object: string): Promise<void> {
    const isADocuments = await this.#database.run(scope, async (manager) => {
      // Waits for a transaction that claims it, whose commit may also be one that nobody has heard of.
      await manager.query("UPDATE documents.loose_object SET due_at = '-infinity' WHERE object = $1", [
        object,
      ]);
      return manager.getRepository(DocumentEntity).existsBy({ object });
    });
    if (!isADocuments) await this.#store.delete(object);
    await this.#database.run(scope, (manager) =>
      manager.query('DELETE FROM documents.loose_object WHERE object = $1', [object]),
    );
  }
}
