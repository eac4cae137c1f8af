import type { SealedDocument, SealedField } from '../../disclosure/index.js';
import type { CandidateId } from '../../kernel/ids.js';
import type { ObjectStore } from '../../platform/objects/object-store.js';
import type { DocumentDetails } from './document.js';
import type { DocumentEntity } from './persistence/document.entity.js';
import { DETAILS, DOCUMENT_KEY } from './persistence/places.js';

/** @param candidate whose it has to be: of somebody else nothing opens, whatever the row says */
export function sealedDocument(
  { id, documentKey, object }: DocumentEntity,
  candidate: CandidateId,
  store: ObjectStore,
): SealedDocument {
  return { candidate, id, place: DOCUMENT_KEY, key: documentKey, content: () => store.get(object) };
}

export function detailsField({ id, details }: DocumentEntity): SealedField<DocumentDetails> {
  return { name: 'documents', place: DETAILS, row: id, value: details };
}
