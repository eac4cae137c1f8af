import type { DocumentId } from '../../kernel/ids.js';

/** What a document is, as its candidate says and vacancies ask for it. */
export const DOCUMENT_KINDS = [
  'cv',
  'cover_letter',
  'diploma',
  'transcript',
  'certificate',
  'service_record',
  'portfolio',
  'other',
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** What a file may be, found by looking into it, and how its name then ends. */
export const MEDIA_TYPES = {
  'application/pdf': ['pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
} as const satisfies Record<string, readonly [string, ...string[]]>;
export type MediaType = keyof typeof MEDIA_TYPES;

export const isMediaType = (text: string): text is MediaType => Object.hasOwn(MEDIA_TYPES, text);

/** `quarantined`: malware was found in it after it had been stored; nobody is given it. */
export const DOCUMENT_STATUSES = ['available', 'quarantined'] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

export const MOST_BYTES = 10 * 1_024 * 1_024;
/** How many a candidate may have at once. */
export const MOST_DOCUMENTS = 20;
/** How many an application may have. */
export const MOST_ATTACHMENTS = 10;

/** What only its candidate, and whom it was sent to, may know of a document. */
export interface DocumentDetails {
  readonly name: string;
  /** SHA-256 of the content, in base64. */
  readonly sha256: string;
}

/** A document as it was sent: listed in the sealed snapshot of an application. */
export interface SentDocument extends DocumentDetails {
  readonly id: DocumentId;
  readonly kind: DocumentKind;
  readonly mediaType: MediaType;
  readonly size: number;
}

/** Whether something that was sealed is a document as it was sent. */
export function isSentDocument(value: unknown): value is SentDocument {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['id', 'kind', 'name', 'sha256', 'mediaType'] as const;
  const member = (name: string): unknown => Reflect.get(value, name);
  return texts.every((name) => typeof member(name) === 'string') && Number.isInteger(member('size'));
}
