import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OwnReading } from '../../../disclosure/index.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { ObjectStore } from '../../../platform/objects/object-store.js';
import { type ExportFile, PersonalData, type PersonalDataSource } from '../../personal-data/index.js';
import { LooseObjects } from '../loose-objects.js';
import { DocumentEntity } from '../persistence/document.entity.js';
import { detailsField, sealedDocument } from '../sealed-document.js';

/** The files that candidates have uploaded, those included that only a sent application still has. */
@Injectable()
export class DocumentData implements PersonalDataSource, OnModuleInit {
  readonly name = 'documents';
  readonly tables = ['documents.document', 'documents.attachment', 'documents.loose_object'];
  readonly given = ['documents_document.details'] as const;
  readonly withheld = [
    {
      place: 'documents_document.document_key',
      what: { en: 'The keys of your documents', fr: 'Les clés de vos documents' },
      why: {
        en: 'They open the stored files, which you are given as you have uploaded them.',
        fr: 'Elles ouvrent les fichiers conservés, qui vous sont remis tels que vous les avez déposés.',
      },
    },
  ] as const;
  readonly #data: PersonalData;
  readonly #database: Database;
  readonly #store: ObjectStore;
  readonly #loose: LooseObjects;

  constructor(data: PersonalData, database: Database, store: ObjectStore, loose: LooseObjects) {
    this.#data = data;
    this.#database = database;
    this.#store = store;
    this.#loose = loose;
  }

  onModuleInit(): void {
    this.#data.add(this);
  }

  async *files(reading: OwnReading): AsyncGenerator<ExportFile> {
    const candidateId = reading.candidate;
    const documents = await this.#database.run({ kind: 'candidate', candidateId }, (manager) =>
      manager.getRepository(DocumentEntity).find({ where: { candidateId }, order: { createdAt: 'ASC' } }),
    );
    const fields = documents.map((document) => ({ document, field: detailsField(document) }));
    const opened = await reading.open(fields.map(({ field }) => field));
    yield {
      kind: 'records',
      name: 'documents',
      title: { en: 'Documents', fr: 'Documents' },
      about: {
        en: 'The documents that you have uploaded; each file is in the folder documents.',
        fr: 'Les documents que vous avez déposés ; chaque fichier est dans le dossier documents.',
      },
      items: async function* records(): AsyncGenerator<object> {
        for (const { document, field } of fields) {
          const { id, kind, status, mediaType, size, createdAt, removedAt } = document;
          const details = opened.value(field) ?? { unreadable: ['documents'] };
          yield { id, kind, status, mediaType, size, createdAt, removedAt, ...details };
        }
      },
    };
    for (const { document, field } of fields) {
      if (document.status === 'quarantined') continue;
      const sealed = sealedDocument(document, candidateId, this.#store);
      yield {
        kind: 'bytes',
        name: `${document.id} ${opened.value(field)?.name ?? 'document'}`,
        mediaType: document.mediaType,
        about: { en: 'A file as you have uploaded it.', fr: 'Un fichier tel que vous l’avez déposé.' },
        content: () => reading.openDocument(sealed),
      };
    }
  }

  async erase(candidateId: CandidateId): Promise<void> {
    // What an application had of them goes with the row; the name of the object stays until the store has deleted it.
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(DocumentEntity).delete({ candidateId }),
    );
    await this.#loose.removeAllOf(candidateId);
  }
}
