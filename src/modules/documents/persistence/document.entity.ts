import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CandidateId, DocumentId } from '../../../kernel/ids.js';
import type { DocumentKey, Sealed } from '../../../sealing/index.js';
import type { DocumentDetails, DocumentKind, DocumentStatus, MediaType } from '../document.js';

@Entity({ schema: 'documents', name: 'document' })
export class DocumentEntity {
  @PrimaryColumn('uuid')
  id: DocumentId;

  @Column('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('text')
  kind: DocumentKind;

  @Column('text')
  status: DocumentStatus;

  @Column('text', { name: 'media_type' })
  mediaType: MediaType;

  /** In bytes. */
  @Column('integer')
  size: number;

  @Column('bytea')
  details: Sealed<DocumentDetails>;

  @Column('bytea', { name: 'document_key' })
  documentKey: Sealed<DocumentKey>;

  /** Its name in the store of objects. */
  @Column('text')
  object: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt: Date | null;
}
