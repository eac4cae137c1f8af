import { ApiProperty } from '@nestjs/swagger';
import {
  DOCUMENT_KINDS,
  DOCUMENT_STATUSES,
  MEDIA_TYPES,
  MOST_BYTES,
} from '../../../modules/documents/index.js';
import { Instant, OneOf, Text, Uuid, WholeNumber } from '../../../platform/http/fields.js';

const TYPES = Object.keys(MEDIA_TYPES);

/** The parts of the form. */
export class NewDocumentDto {
  @OneOf(DOCUMENT_KINDS)
  readonly kind: string;

  @ApiProperty({
    type: 'string',
    format: 'binary',
    description: `PDF, DOCX, ODT, PNG or JPEG by its content, whatever its type and name say; ${MOST_BYTES} bytes at most`,
  })
  readonly file: unknown;
}

export class DocumentDto {
  @Uuid()
  readonly id: string;

  @OneOf(DOCUMENT_KINDS)
  readonly kind: string;

  @OneOf(DOCUMENT_STATUSES, {
    description:
      'quarantined: malware was found in it since it was uploaded; delete it and upload a clean one',
  })
  readonly status: string;

  @Text({
    max: 150,
    nullable: true,
    example: 'CV Camille Martin.pdf',
    description: 'null: it cannot be read',
  })
  readonly name: string | null;

  @OneOf(TYPES)
  readonly mediaType: string;

  @WholeNumber({ min: 1, max: MOST_BYTES, example: 183_204, description: 'Bytes' })
  readonly size: number;

  @Text({
    max: 44,
    nullable: true,
    example: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    description: 'SHA-256 of the content in base64; null: it cannot be read',
  })
  readonly sha256: string | null;

  @Instant({ example: '2026-11-20T10:00:00.000Z' })
  readonly createdAt: string;
}
