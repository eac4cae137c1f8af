import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DisclosureModule } from '../../disclosure/index.js';
import { IdentityModule } from '../identity/index.js';
import { PersonalDataModule } from '../personal-data/index.js';
import { Attachments } from './attachments.js';
import { DetachmentObservers } from './detachment-observers.js';
import { DocumentSweep } from './document-sweep.js';
import { LooseObjects } from './loose-objects.js';
import { OwnDocuments } from './own-documents.js';
import { AttachmentEntity } from './persistence/attachment.entity.js';
import { DocumentEntity } from './persistence/document.entity.js';
import { DocumentData } from './personal-data/document-data.js';
import { Quarantine } from './quarantine.js';
import { Uploads } from './uploads.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([DocumentEntity, AttachmentEntity]),
    DisclosureModule,
    PersonalDataModule,
    IdentityModule,
  ],
  providers: [
    Uploads,
    OwnDocuments,
    Attachments,
    Quarantine,
    LooseObjects,
    DetachmentObservers,
    DocumentSweep,
    DocumentData,
  ],
  exports: [Uploads, OwnDocuments, Attachments, Quarantine, DetachmentObservers, DocumentSweep],
})
export class DocumentsModule {}
