export { type AttachedDocument, Attachments } from './attachments.js';
export { type DetachmentObserver, DetachmentObservers } from './detachment-observers.js';
export {
  DOCUMENT_KINDS,
  DOCUMENT_STATUSES,
  type DocumentKind,
  isSentDocument,
  MEDIA_TYPES,
  MOST_ATTACHMENTS,
  MOST_BYTES,
  type SentDocument,
} from './document.js';
export { DocumentSweep } from './document-sweep.js';
export { DocumentsModule } from './documents.module.js';
export { type Download, type OwnDocument, OwnDocuments } from './own-documents.js';
export { Quarantine } from './quarantine.js';
export { Uploads } from './uploads.js';
