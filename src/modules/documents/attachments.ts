import { Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull } from 'typeorm';
import { Disclosure, type SealedDocument } from '../../disclosure/index.js';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import { Failure, type FieldError } from '../../kernel/errors.js';
import type { AgencyId, ApplicationId, CandidateId, DocumentId } from '../../kernel/ids.js';
import { ObjectStore } from '../../platform/objects/object-store.js';
import type { DocumentKind, SentDocument } from './document.js';
import { AttachmentEntity } from './persistence/attachment.entity.js';
import { DocumentEntity } from './persistence/document.entity.js';
import { detailsField, sealedDocument } from './sealed-document.js';

/** As much of an application as its documents need. */
export interface Attaching {
  readonly id: ApplicationId;
  readonly candidateId: CandidateId;
  readonly agencyId: AgencyId;
}

export interface AttachedDocument {
  readonly id: DocumentId;
  readonly kind: DocumentKind;
  readonly isQuarantined: boolean;
}

/** Which documents an application has. Everything happens in the transaction of whoever changes the application. */
@Injectable()
export class Attachments {
  readonly #disclosure: Disclosure;
  readonly #store: ObjectStore;

  constructor(disclosure: Disclosure, store: ObjectStore) {
    this.#disclosure = disclosure;
    this.#store = store;
  }

  /** In the order in which they were given. */
  async of(manager: EntityManager, applicationId: ApplicationId): Promise<readonly AttachedDocument[]> {
    const documents = await attachedTo(manager, applicationId);
    return documents.map(({ id, kind, status }) => ({ id, kind, isQuarantined: status === 'quarantined' }));
  }

  /**
   * Keeps documents that are about to be attached from being deleted until the transaction ends. Whoever changes a
   * draft and its documents takes the documents first, then the draft, then what attaches the ones to the other.
   * @throws Failure `invalid_request` naming each that is not the candidate's own, or no more, or in quarantine
   */
  async hold(manager: EntityManager, candidateId: CandidateId, ids: readonly DocumentId[]): Promise<void> {
    const held = await manager.getRepository(DocumentEntity).find({
      where: { id: In([...ids]), candidateId, status: 'available', removedAt: IsNull() },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_read' },
    });
    const usable = new Set(held.map(({ id }) => id));
    const fields = ids.flatMap((id, at) => (usable.has(id) ? [] : [notUsable(at)]));
    if (fields.length > 0) throw new Failure('invalid_request', { fields });
  }

  /** Gives a draft these documents, which are held, and no others. */
  async attach(manager: EntityManager, draft: Attaching, ids: readonly DocumentId[]): Promise<void> {
    const { id: applicationId, candidateId, agencyId } = draft;
    const attachments = manager.getRepository(AttachmentEntity);
    await attachments.delete({ applicationId });
    await attachments.insert(
      ids.map((documentId, position) => ({
        applicationId,
        documentId,
        candidateId,
        agencyId,
        position,
        state: 'draft' as const,
      })),
    );
  }

  /**
   * What a draft is about to be sent with. Opens the names on the candidate's behalf; the reading is on record.
   * @throws Failure `sealed_value_unreadable` when one does not open, `document_quarantined`
   */
  async sending(
    manager: EntityManager,
    context: RequestContext<CandidateActor>,
    applicationId: ApplicationId,
  ): Promise<readonly SentDocument[]> {
    // Until the transaction ends none of them can be deleted.
    const documents = await attachedTo(manager, applicationId, 'locked');
    if (documents.length === 0) return [];
    if (documents.some(({ status }) => status === 'quarantined')) throw new Failure('document_quarantined');
    const candidate = context.actor.candidateId;
    const fields = documents.map(detailsField);
    const dossier = { candidate, application: applicationId, fields };
    const opened = await this.#disclosure.toOwner(context, 'document.listed', candidate, dossier);
    return documents.map(({ id, kind, mediaType, size }, at) => {
      const field = fields[at];
      const details = field === undefined ? null : opened.value(field);
      if (details === null)
        throw new Failure('sealed_value_unreadable', { privateDetail: 'the details of a document' });
      return { id, kind, mediaType, size, ...details };
    });
  }

  /** From now on the agency has them, whatever the candidate deletes. */
  async sent(manager: EntityManager, applicationId: ApplicationId): Promise<void> {
    await manager.getRepository(AttachmentEntity).update({ applicationId }, { state: 'sent' });
  }

  /** From now on nobody is shown them by this application; what the candidate has deleted is swept. */
  async ended(manager: EntityManager, applicationId: ApplicationId): Promise<void> {
    await manager
      .getRepository(AttachmentEntity)
      .update({ applicationId, state: 'sent' }, { state: 'ended' });
  }

  /** One that an application was sent with, as the agency may come to see it; `undefined` when there is none. */
  async find(
    manager: EntityManager,
    application: Attaching,
    documentId: DocumentId,
  ): Promise<ReceivedDocument | undefined> {
    const { id: applicationId, agencyId, candidateId } = application;
    const attachments = manager.getRepository(AttachmentEntity);
    if (!(await attachments.existsBy({ applicationId, documentId, agencyId }))) return undefined;
    const document = await manager.getRepository(DocumentEntity).findOneBy({ id: documentId });
    if (document === null) return undefined;
    return {
      isQuarantined: document.status === 'quarantined',
      sealed: sealedDocument(document, candidateId, this.#store),
    };
  }
}

export interface ReceivedDocument {
  readonly isQuarantined: boolean;
  readonly sealed: SealedDocument;
}

async function attachedTo(
  manager: EntityManager,
  applicationId: ApplicationId,
  how?: 'locked',
): Promise<readonly DocumentEntity[]> {
  const attached = await manager
    .getRepository(AttachmentEntity)
    .find({ where: { applicationId }, order: { position: 'ASC' } });
  const found = await manager.getRepository(DocumentEntity).find({
    where: { id: In(attached.map(({ documentId }) => documentId)) },
    ...(how === 'locked' ? { lock: { mode: 'pessimistic_read' as const } } : {}),
  });
  const byId = new Map(found.map((document) => [document.id, document]));
  return attached.flatMap(({ documentId }) => byId.get(documentId) ?? []);
}

const notUsable = (at: number): FieldError => ({
  pointer: `/documents/${at}`,
  code: 'not_allowed',
  detail: {
    en: 'This is none of your documents, or it is in quarantine.',
    fr: "Ce n'est pas l'un de vos documents, ou il est en quarantaine.",
  },
});
