import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../kernel/context.js';
import { Failure, type FieldError } from '../../kernel/errors.js';
import { type CandidateId, type DocumentId, newId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import type { FormFile, FormPart } from '../../platform/http/index.js';
import { FIELD_PROBLEMS } from '../../platform/http/problems.js';
import { ObjectStore } from '../../platform/objects/object-store.js';
import { MalwareScanner } from '../../platform/scanning/malware-scanner.js';
import { type DocumentKey, Sealer } from '../../sealing/index.js';
import { DOCUMENT_KINDS, type DocumentKind, MOST_DOCUMENTS } from './document.js';
import { FileInspection, type Inspected } from './file-inspection.js';
import { fileNameOf } from './file-name.js';
import { LooseObjects } from './loose-objects.js';
import type { OwnDocument } from './own-documents.js';
import { DocumentEntity } from './persistence/document.entity.js';
import { DETAILS, DOCUMENT_KEY } from './persistence/places.js';

type Candidate = RequestContext<CandidateActor>;

/** A file that is whole, looked into and in the store, and no document yet. */
interface StoredFile extends Inspected {
  readonly id: DocumentId;
  readonly name: string;
  readonly object: string;
  readonly key: DocumentKey;
}

/** What was uploaded. Unless it is kept, disposing of it leaves nothing behind. */
export interface Upload extends AsyncDisposable {
  /** The same for the same file under the same name and kind, and for no other. */
  readonly fingerprint: string;
  /** Makes it a document. @throws Failure `conflict` when the candidate has as many as they may */
  keep(): Promise<OwnDocument>;
}

/** Takes candidates' files: streamed, sealed, looked into, in constant memory. */
@Injectable()
export class Uploads {
  readonly #database: Database;
  readonly #store: ObjectStore;
  readonly #loose: LooseObjects;
  readonly #scanner: MalwareScanner;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    database: Database,
    store: ObjectStore,
    loose: LooseObjects,
    scanner: MalwareScanner,
    sealer: Sealer,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#database = database;
    this.#store = store;
    this.#loose = loose;
    this.#scanner = scanner;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * Reads a form with the fields `kind` and `file`, in either order.
   * @throws Failure `invalid_request`, `unknown_member`, `conflict` when there is no room, `payload_too_large`,
   *   `unsupported_media_type`, `document_infected`, `scanner_unavailable`, `service_unavailable`; nothing is kept then
   */
  async receive(context: Candidate, form: AsyncIterable<FormPart>): Promise<Upload> {
    const { candidateId } = context.actor;
    await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      requireRoom(manager, candidateId),
    );
    let kind: DocumentKind | undefined;
    let file: StoredFile | undefined;
    try {
      for await (const part of form) {
        if (part.type === 'file' && part.name === 'file' && file === undefined)
          file = await this.#storeFile(context, part);
        else if (part.type === 'field' && part.name === 'kind' && kind === undefined)
          kind = kindOf(part.value);
        else throw unexpected(part.name);
      }
      if (kind === undefined || file === undefined) throw missing(kind === undefined ? '/kind' : '/file');
    } catch (error) {
      if (file !== undefined) await this.#loose.discard(candidateId, file.object);
      throw error;
    }
    return this.#upload(context, kind, file);
  }

  #upload(context: Candidate, kind: DocumentKind, file: StoredFile): Upload {
    let isKept = false;
    return {
      fingerprint: JSON.stringify([kind, file.name, file.sha256]),
      keep: async () => {
        const kept = await this.#keep(context, kind, file);
        isKept = true;
        return kept;
      },
      [Symbol.asyncDispose]: async () => {
        if (!isKept) await this.#loose.discard(context.actor.candidateId, file.object);
      },
    };
  }

  async #storeFile(context: Candidate, { fileName, content }: FormFile): Promise<StoredFile> {
    const { candidateId: subject } = context.actor;
    const id = newId<'document'>(this.#clock.now().getTime());
    const inspection = await FileInspection.begin(this.#scanner);
    try {
      const object = await this.#loose.expect(subject);
      try {
        const key = this.#sealer.newDocumentKey();
        const sealed = this.#sealer.sealDocument(key, { subject, row: id }, inspection.watch(content));
        await this.#store.put(object, sealed);
        const inspected = await inspection.end();
        return { ...inspected, id, name: fileNameOf(fileName, inspected.mediaType), object, key };
      } catch (error) {
        await this.#loose.discard(subject, object);
        if (error instanceof Failure && error.code === 'document_infected')
          await this.#recordInfected(context, id);
        throw error;
      }
    } finally {
      inspection.abandon();
    }
  }

  async #keep(context: Candidate, kind: DocumentKind, file: StoredFile): Promise<OwnDocument> {
    const { candidateId } = context.actor;
    const { id, name, mediaType, size, sha256, object, key } = file;
    const position = { subject: candidateId, row: id };
    // Sealed last: an upload may outlast the renewal of its subject's key.
    const document: DocumentEntity = {
      id,
      candidateId,
      kind,
      status: 'available',
      mediaType,
      size,
      details: await this.#sealer.seal(DETAILS, position, { name, sha256 }),
      documentKey: await this.#sealer.seal(DOCUMENT_KEY, position, key),
      object,
      createdAt: this.#clock.now(),
      removedAt: null,
    };
    await this.#database.run({ kind: 'candidate', candidateId }, async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `documents/${candidateId}`,
      ]);
      await requireRoom(manager, candidateId);
      await manager.getRepository(DocumentEntity).insert(document);
      await this.#loose.claim(manager, object);
      const subjects = [{ candidate: candidateId, fields: [] }];
      await this.#ledger.stage(manager, { action: 'document.uploaded', context, resource: id, subjects });
    });
    return { document, details: { name, sha256 } };
  }

  async #recordInfected(context: Candidate, id: DocumentId): Promise<void> {
    const subjects = [{ candidate: context.actor.candidateId, fields: [] }];
    const draft = { action: 'document.infected', context, resource: id, subjects } as const;
    await this.#ledger.append({ ...draft, outcome: 'refused' }, 'staged');
  }
}

async function requireRoom(manager: EntityManager, candidateId: CandidateId): Promise<void> {
  const count = await manager
    .getRepository(DocumentEntity)
    .createQueryBuilder('d')
    .where('d.candidateId = :candidateId AND d.removedAt IS NULL', { candidateId })
    .getCount();
  if (count < MOST_DOCUMENTS) return;
  throw new Failure('conflict', {
    detail: {
      en: `You have ${MOST_DOCUMENTS} documents, which is the most; delete one first.`,
      fr: `Vous avez ${MOST_DOCUMENTS} documents, le maximum ; supprimez-en un d'abord.`,
    },
  });
}

function kindOf(value: string): DocumentKind {
  const kind = DOCUMENT_KINDS.find((known) => known === value);
  if (kind === undefined) throw refused('/kind', 'not_allowed');
  return kind;
}

const unexpected = (name: string): Failure =>
  new Failure('unknown_member', {
    // What was sent under an unknown name is not repeated: it may be anything.
    fields: [
      {
        pointer: ['kind', 'file'].includes(name) ? `/${name}` : '',
        code: 'unknown',
        detail: FIELD_PROBLEMS.unknown,
      },
    ],
  });

const missing = (pointer: string): Failure => refused(pointer, 'required');

function refused(pointer: string, code: 'required' | 'not_allowed'): Failure {
  const problem: FieldError = { pointer, code, detail: FIELD_PROBLEMS[code] };
  return new Failure('invalid_request', { fields: [problem] });
}
