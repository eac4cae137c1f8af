import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Disclosure, DocumentDisclosure } from '../../disclosure/index.js';
import { Clock } from '../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { CandidateId, DocumentId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { scopeOf } from '../../platform/database/scope.js';
import { CursorCodec, cutPage, Page } from '../../platform/http/index.js';
import { ObjectStore } from '../../platform/objects/object-store.js';
import { DetachmentObservers } from './detachment-observers.js';
import type { DocumentDetails, MediaType } from './document.js';
import { LooseObjects } from './loose-objects.js';
import { AttachmentEntity } from './persistence/attachment.entity.js';
import { DocumentEntity } from './persistence/document.entity.js';
import { detailsField, sealedDocument } from './sealed-document.js';

type Candidate = RequestContext<CandidateActor>;

export interface OwnDocument {
  readonly document: DocumentEntity;
  /** `null` when they do not open. */
  readonly details: DocumentDetails | null;
}

/** A document's content on its way to somebody. */
export interface Download {
  readonly mediaType: MediaType;
  readonly size: number;
  readonly details: DocumentDetails | null;
  /** Breaks off when the rest cannot be read. */
  readonly content: AsyncIterable<Buffer>;
}

/** What candidates do with their own documents, once they are there. */
@Injectable()
export class OwnDocuments {
  readonly #database: Database;
  readonly #disclosure: Disclosure;
  readonly #documents: DocumentDisclosure;
  readonly #store: ObjectStore;
  readonly #loose: LooseObjects;
  readonly #observers: DetachmentObservers;
  readonly #ledger: Ledger;
  readonly #cursors: CursorCodec;
  readonly #clock: Clock;

  constructor(
    database: Database,
    disclosure: Disclosure,
    documents: DocumentDisclosure,
    store: ObjectStore,
    loose: LooseObjects,
    observers: DetachmentObservers,
    ledger: Ledger,
    cursors: CursorCodec,
    clock: Clock,
  ) {
    this.#database = database;
    this.#disclosure = disclosure;
    this.#documents = documents;
    this.#store = store;
    this.#loose = loose;
    this.#observers = observers;
    this.#ledger = ledger;
    this.#cursors = cursors;
    this.#clock = clock;
  }

  /** Newest first. @throws Failure `invalid_cursor` */
  async list(
    context: Candidate,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<OwnDocument>> {
    const kind = 'me/documents';
    const [at, id] = cursor === undefined ? [] : this.#cursors.decode(kind, cursor);
    const found = await this.#database.run(scopeOf(context.actor), (manager) => {
      const select = ownOf(manager, context.actor.candidateId).andWhere('d.removedAt IS NULL');
      if (at !== undefined) select.andWhere('(d.created_at, d.id) < (:at, :id)', { at, id });
      return select.limit(limit + 1).getMany();
    });
    const { items, last } = cutPage(found, limit);
    return new Page(
      await this.#open(context, items),
      this.#cursors.next(kind, last && [last.createdAt.toISOString(), last.id]),
    );
  }

  /** Everything that is held of the candidate, with what they have deleted and a sent application still has. */
  async all(context: Candidate): Promise<readonly OwnDocument[]> {
    const found = await this.#database.run(scopeOf(context.actor), (manager) =>
      ownOf(manager, context.actor.candidateId).getMany(),
    );
    return this.#open(context, found);
  }

  /** Also of one that was deleted, while a sent application has it. @throws Failure `not_found`, `document_quarantined` */
  async download(context: Candidate, id: DocumentId): Promise<Download> {
    const { candidateId } = context.actor;
    const document = await this.#database.run(scopeOf(context.actor), (manager) =>
      manager.getRepository(DocumentEntity).findOneBy({ id, candidateId }),
    );
    if (document === null) throw new Failure('not_found');
    if (document.status === 'quarantined') throw new Failure('document_quarantined');
    const { about, content } = await this.#documents.toOwner(
      context,
      'document.read',
      sealedDocument(document, candidateId, this.#store),
      detailsField(document),
    );
    return { mediaType: document.mediaType, size: document.size, details: about, content };
  }

  /** Drafts lose it at once; what was sent stays as it was sent. @throws Failure `not_found` */
  async remove(context: Candidate, id: DocumentId): Promise<void> {
    const { candidateId } = context.actor;
    const object = await this.#database.run(scopeOf(context.actor), async (manager) => {
      const documents = manager.getRepository(DocumentEntity);
      const document = await documents.findOne({
        where: { id, candidateId },
        lock: { mode: 'pessimistic_write' },
      });
      if (document === null || document.removedAt !== null) throw new Failure('not_found');
      const isSent = await this.#detach(manager, id);
      if (isSent) await documents.update({ id }, { removedAt: this.#clock.now() });
      else await documents.delete({ id });
      const subjects = [{ candidate: candidateId, fields: [] }];
      await this.#ledger.stage(manager, { action: 'document.deleted', context, resource: id, subjects });
      return isSent ? undefined : document.object;
    });
    if (object !== undefined) await this.#loose.discard(candidateId, object);
  }

  /** Takes a document out of drafts. @returns whether an application that is under way was sent with it */
  async #detach(manager: EntityManager, documentId: DocumentId): Promise<boolean> {
    const attachments = manager.getRepository(AttachmentEntity);
    const all = await attachments.findBy({ documentId });
    const drafts = all.filter(({ state }) => state === 'draft').map(({ applicationId }) => applicationId);
    if (drafts.length > 0) {
      await this.#observers.detaching(manager, drafts);
      // By now one or the other may be gone, or have it no more.
      const left = await attachments.findBy({ documentId, state: 'draft' });
      await attachments.delete({ documentId, state: 'draft' });
      await this.#observers.detached(
        manager,
        left.map(({ applicationId }) => applicationId),
      );
    }
    return all.some(({ state }) => state === 'sent');
  }

  async #open(context: Candidate, documents: readonly DocumentEntity[]): Promise<readonly OwnDocument[]> {
    const candidate = context.actor.candidateId;
    const fields = documents.map(detailsField);
    const dossier = { candidate, fields };
    const opened = await this.#disclosure.toOwner(context, 'document.listed', candidate, dossier);
    return documents.map((document, at) => {
      const field = fields[at];
      return { document, details: field === undefined ? null : opened.value(field) };
    });
  }
}

const ownOf = (manager: EntityManager, candidateId: CandidateId) =>
  manager
    .getRepository(DocumentEntity)
    .createQueryBuilder('d')
    .where('d.candidateId = :candidateId', { candidateId })
    .orderBy('d.createdAt', 'DESC')
    .addOrderBy('d.id', 'DESC');
