import { type DocumentKey, place } from '../../../sealing/index.js';
import type { DocumentDetails } from '../document.js';

export const DETAILS = place<DocumentDetails>()('documents_document.details');
export const DOCUMENT_KEY = place<DocumentKey>()('documents_document.document_key');
