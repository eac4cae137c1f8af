import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Disclosure, type SealedField } from '../../../disclosure/index.js';
import { Clock } from '../../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { CursorCodec, Page, requireRevision, type SeenRevisions } from '../../../platform/http/index.js';
import { asSealed, Sealer } from '../../../sealing/index.js';
import type { EntryEntity } from '../persistence/entry.entity.js';
import { lockProfile } from '../persistence/profile-row.js';
import { type Nullable, withoutNulls } from '../profile/merge-patch.js';
import { todayInFrance } from '../world/partial-dates.js';
import type { EntryKind } from './entry-kinds.js';
import { inOrder, pageAfter, readPosition } from './entry-order.js';

type Candidate = RequestContext<CandidateActor>;

export interface EntryQuery {
  readonly limit: number;
  readonly cursor?: string;
}

export interface Entry<T> {
  readonly id: string;
  readonly revision: number;
  readonly updatedAt: Date;
  /** `null` when the stored value does not open. */
  readonly value: T | null;
}

/** A candidate's education, experience and languages: lists of sealed entries, each with its own revision. */
@Injectable()
export class Entries {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #disclosure: Disclosure;
  readonly #ledger: Ledger;
  readonly #cursors: CursorCodec;
  readonly #clock: Clock;

  constructor(
    database: Database,
    sealer: Sealer,
    disclosure: Disclosure,
    ledger: Ledger,
    cursors: CursorCodec,
    clock: Clock,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#disclosure = disclosure;
    this.#ledger = ledger;
    this.#cursors = cursors;
    this.#clock = clock;
  }

  /**
   * One page of one kind, newest first. What newest means stands in the sealed values, so all of them, few as they
   * are, are opened and ordered for each page.
   * @throws Failure `invalid_cursor`
   */
  async list<T extends object>(
    context: Candidate,
    kind: EntryKind<T>,
    { limit, cursor }: EntryQuery,
  ): Promise<Page<Entry<T>>> {
    const list = `me/profile/${kind.name}`;
    const after = cursor === undefined ? undefined : readPosition(this.#cursors.decode(list, cursor));
    const { candidateId } = context.actor;
    const rows = await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.find(kind.entity, { where: { candidateId } }),
    );
    const entries = inOrder(kind, await this.#open(context, kind, rows));
    const { items, next } = pageAfter(entries, limit, after);
    return new Page(items, this.#cursors.next(list, next && [next.id, String(next.at)]));
  }

  /** @throws Failure `not_found`, also for another candidate's entry */
  async read<T extends object>(context: Candidate, kind: EntryKind<T>, id: string): Promise<Entry<T>> {
    const { candidateId } = context.actor;
    const row = await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.findOne(kind.entity, { where: { id, candidateId } }),
    );
    if (row === null) throw new Failure('not_found');
    const [entry] = await this.#open(context, kind, [row]);
    if (entry === undefined) throw new Error('Opening gives one entry per row.');
    return entry;
  }

  /** @throws Failure `invalid_request`, `list_full` */
  async add<T extends object>(context: Candidate, kind: EntryKind<T>, given: Nullable<T>): Promise<Entry<T>> {
    const now = this.#clock.now();
    const { candidateId } = context.actor;
    const id: string = newId<'entry'>(now.getTime());
    const value = checked(kind, given, todayInFrance(now));
    const entry = await this.#sealer.seal(kind.place, { subject: candidateId, row: id }, value);
    await this.#database.run({ kind: 'candidate', candidateId }, async (manager) => {
      await lockProfile(manager, candidateId, now);
      if ((await manager.countBy(kind.entity, { candidateId })) >= kind.limit) throw full(kind.limit);
      const row = { id, candidateId, entry, revision: 1, createdAt: now, updatedAt: now };
      await manager.insert(kind.entity, row);
      await this.#stage(manager, context, kind);
    });
    return { id, revision: 1, updatedAt: now, value };
  }

  /** @throws Failure `invalid_request`, `not_found`, `precondition_failed` */
  async replace<T extends object>(
    context: Candidate,
    kind: EntryKind<T>,
    id: string,
    seen: SeenRevisions,
    given: Nullable<T>,
  ): Promise<Entry<T>> {
    const now = this.#clock.now();
    const { candidateId } = context.actor;
    const value = checked(kind, given, todayInFrance(now));
    const entry = await this.#sealer.seal(kind.place, { subject: candidateId, row: id }, value);
    const revision = await this.#changing(context, kind, id, seen, (manager, next) =>
      manager.update(kind.entity, { id, candidateId }, { entry, revision: next, updatedAt: now }),
    );
    return { id, revision, updatedAt: now, value };
  }

  /** @throws Failure `not_found`, `precondition_failed` */
  async remove<T extends object>(
    context: Candidate,
    kind: EntryKind<T>,
    id: string,
    seen: SeenRevisions,
  ): Promise<void> {
    const { candidateId } = context.actor;
    await this.#changing(context, kind, id, seen, (manager) =>
      manager.delete(kind.entity, { id, candidateId }),
    );
  }

  /**
   * Changes one locked row, and records it, if and only if it is still as the caller has seen it.
   * @returns its next revision
   */
  async #changing<T extends object>(
    context: Candidate,
    kind: EntryKind<T>,
    id: string,
    seen: SeenRevisions,
    change: (manager: EntityManager, revision: number) => Promise<unknown>,
  ): Promise<number> {
    const { candidateId } = context.actor;
    return this.#database.run({ kind: 'candidate', candidateId }, async (manager) => {
      const row = await manager.findOne(kind.entity, {
        where: { id, candidateId },
        lock: { mode: 'pessimistic_write' },
      });
      if (row === null) throw new Failure('not_found');
      requireRevision(row.revision, seen);
      const next = row.revision + 1;
      await change(manager, next);
      await this.#stage(manager, context, kind);
      return next;
    });
  }

  async #open<T extends object>(
    context: Candidate,
    kind: EntryKind<T>,
    rows: readonly EntryEntity[],
  ): Promise<readonly Entry<T>[]> {
    const candidate = context.actor.candidateId;
    const fields = rows.map((row) => entryField(kind, row));
    const dossier = { candidate, fields };
    const opened = await this.#disclosure.toOwner(context, 'candidate.profile_read', candidate, dossier);
    return rows.map(({ id, revision, updatedAt }, index) => {
      const field = fields[index];
      return { id, revision, updatedAt, value: field === undefined ? null : opened.value(field) };
    });
  }

  async #stage<T extends object>(
    manager: EntityManager,
    context: Candidate,
    kind: EntryKind<T>,
  ): Promise<void> {
    const candidate = context.actor.candidateId;
    await this.#ledger.stage(manager, {
      action: 'candidate.profile_changed',
      context,
      resource: candidate,
      subjects: [{ candidate, fields: [kind.name] }],
    });
  }
}

/** One entry as `disclosure` takes it. */
export function entryField<T extends object>(kind: EntryKind<T>, row: EntryEntity): SealedField<T> {
  return { name: kind.name, place: kind.place, row: row.id, value: asSealed<T>(row.entry) };
}

function checked<T extends object>(kind: EntryKind<T>, given: Nullable<T>, today: string): T {
  const value = kind.canonical(withoutNulls<T>(given));
  const problems = kind.problems(value, today);
  if (problems.length > 0) throw new Failure('invalid_request', { fields: problems });
  return value;
}

function full(limit: number): Failure {
  return new Failure('list_full', {
    detail: {
      en: `This list holds ${limit} entries at most; delete one first.`,
      fr: `Cette liste contient au plus ${limit} éléments ; supprimez-en un d'abord.`,
    },
  });
}
