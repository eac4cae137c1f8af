import { Injectable } from '@nestjs/common';
import { type AgencyPurpose, DocumentDisclosure } from '../../disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { ApplicationId, DocumentId } from '../../kernel/ids.js';
import { Ledger, recordingMisses } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { Attachments, isSentDocument, Quarantine, type SentDocument } from '../documents/index.js';
import { Allowances } from './allowances.js';
import { dossierOf } from './application-disclosures.js';
import { ReceivedApplications } from './received-applications.js';

type Agency = RequestContext<AgencyActor>;

/** A document that was sent, as it was sent. */
export interface DisclosedDocument {
  readonly document: SentDocument;
  /** Breaks off when the rest cannot be read. */
  readonly content: AsyncIterable<Buffer>;
}

/** Hands documents of applications to the one door on behalf of agencies. */
@Injectable()
export class DocumentDisclosures {
  readonly #database: Database;
  readonly #received: ReceivedApplications;
  readonly #attachments: Attachments;
  readonly #quarantine: Quarantine;
  readonly #disclosure: DocumentDisclosure;
  readonly #ledger: Ledger;
  readonly #allowances: Allowances;

  constructor(
    database: Database,
    received: ReceivedApplications,
    attachments: Attachments,
    quarantine: Quarantine,
    disclosure: DocumentDisclosure,
    ledger: Ledger,
    allowances: Allowances,
  ) {
    this.#database = database;
    this.#received = received;
    this.#attachments = attachments;
    this.#quarantine = quarantine;
    this.#disclosure = disclosure;
    this.#ledger = ledger;
    this.#allowances = allowances;
  }

  /**
   * @throws Failure `not_found`, `disclosure_refused`, `disclosure_budget_spent`, `document_quarantined`,
   *   `scanner_unavailable`, `ledger_unavailable`, `sealed_value_unreadable`
   */
  async one(
    context: Agency,
    applicationId: ApplicationId,
    documentId: DocumentId,
    purpose: AgencyPurpose,
  ): Promise<DisclosedDocument> {
    const miss = { action: 'document.disclosed', context, purpose, resource: documentId } as const;
    const [application, received] = await recordingMisses(this.#ledger, miss, async () => {
      const [found] = await this.#received.find(context, [applicationId]);
      if (found === undefined) throw new Failure('not_found');
      const { agencyId } = context.actor;
      const attached = await this.#database.run({ kind: 'agency', agencyId }, (manager) =>
        this.#attachments.find(manager, found, documentId),
      );
      if (attached === undefined) throw new Failure('not_found');
      return [found, attached] as const;
    });
    const { about, content } = await this.#disclosure.toAgency(context, {
      purpose,
      dossier: dossierOf(application),
      document: received.sealed,
      find: (documents) => sentDocument(documents, documentId),
      readAllowance: this.#allowances.of(context, context.actor.agencyId),
      inspect: this.#quarantine.inspect(context, received),
    });
    return { document: about, content };
  }
}

function sentDocument(documents: unknown, id: DocumentId): SentDocument | undefined {
  if (!Array.isArray(documents)) return undefined;
  return documents.filter(isSentDocument).find((document) => document.id === id);
}
