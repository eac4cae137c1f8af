import type { Download, OwnDocument } from '../../../modules/documents/index.js';
import type { FileAnswer } from '../../../platform/http/index.js';
import type { DocumentDto } from './documents.dtos.js';

export function presentDocument({ document, details }: OwnDocument): DocumentDto {
  return {
    id: document.id,
    kind: document.kind,
    status: document.status,
    name: details?.name ?? null,
    mediaType: document.mediaType,
    size: document.size,
    sha256: details?.sha256 ?? null,
    createdAt: document.createdAt.toISOString(),
  };
}

export function presentFile({ mediaType, size, details, content }: Download): FileAnswer {
  const digest = details === null ? {} : { sha256: details.sha256 };
  return { name: details?.name ?? 'document', mediaType, size, content, ...digest };
}
