import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId, ApplicationId, CandidateId, DocumentId } from '../../../kernel/ids.js';

export type AttachmentState = 'draft' | 'sent' | 'ended';

@Entity({ schema: 'documents', name: 'attachment' })
export class AttachmentEntity {
  @PrimaryColumn('uuid', { name: 'application_id' })
  applicationId: ApplicationId;

  @PrimaryColumn('uuid', { name: 'document_id' })
  documentId: DocumentId;

  @Column('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('uuid', { name: 'agency_id' })
  agencyId: AgencyId;

  @Column('smallint')
  position: number;

  @Column('text')
  state: AttachmentState;
}
