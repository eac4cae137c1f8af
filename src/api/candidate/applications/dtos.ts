import type { VacancyId } from '../../../kernel/ids.js';
import { APPLICATION_STATUSES, type ApplicationStatus } from '../../../modules/applications/index.js';
import { DOCUMENT_KINDS, MOST_ATTACHMENTS } from '../../../modules/documents/index.js';
import { VACANCY_STATUSES } from '../../../modules/vacancies/index.js';
import {
  Instant,
  ListOf,
  OneOf,
  Text,
  TextOrYesNo,
  Texts,
  Uuid,
  Uuids,
  WholeNumber,
  YesNo,
} from '../../../platform/http/fields.js';
import { PageQuery } from '../../../platform/http/index.js';

export class OwnApplicationsQuery extends PageQuery {
  @OneOf(APPLICATION_STATUSES, { optional: true })
  readonly status?: ApplicationStatus;
}

export class NewApplicationDto {
  @Uuid({ description: 'A published vacancy' })
  readonly vacancyId: VacancyId;
}

export class AnswerDto {
  @Text({ max: 40, example: 'permis-b' })
  readonly questionId: string;

  @TextOrYesNo({ max: 4_000, example: true })
  readonly value: string | boolean;
}

export class ApplicationPatchDto {
  @Text({
    min: 0,
    max: 20_000,
    optional: true,
    nullable: true,
    example: 'Depuis mes premiers stages, je veux préserver les fonds patrimoniaux.',
  })
  readonly motivation?: string | null;

  @ListOf(() => AnswerDto, { max: 20, optional: true, nullable: true })
  readonly answers?: AnswerDto[] | null;

  @Uuids({
    max: MOST_ATTACHMENTS,
    optional: true,
    nullable: true,
    description: 'Of your documents, in the order in which the agency is to see them',
  })
  readonly documents?: string[] | null;
}

export class ApplicationSummaryDto {
  @Uuid()
  readonly id: string;

  @Uuid()
  readonly vacancyId: string;

  @Uuid()
  readonly agencyId: string;

  @OneOf(APPLICATION_STATUSES)
  readonly status: string;

  @Instant({ example: '2026-11-20T10:00:00.000Z' })
  readonly createdAt: string;

  @Instant({ nullable: true, example: '2026-11-21T10:00:00.000Z' })
  readonly submittedAt: string | null;

  @Instant({
    nullable: true,
    example: '2026-12-18T17:00:00.000Z',
    description: 'Until when the offer can be answered, once there is one',
  })
  readonly answerBy: string | null;

  @WholeNumber({ min: 1, max: 2_147_483_647, description: 'As in the ETag' })
  readonly revision: number;
}

export class ListedApplicationDto extends ApplicationSummaryDto {
  @Text({ max: 200, example: 'Chargée ou chargé de fonds d’archives' })
  readonly vacancyTitle: string;

  @Text({ max: 200, example: 'Ministère de la Culture' })
  readonly agency: string;

  @OneOf(VACANCY_STATUSES, { example: 'published' })
  readonly vacancyStatus: string;

  @Instant({ example: '2027-01-31T22:59:59.999Z', description: 'Until when a draft can be submitted' })
  readonly deadline: string;
}

export class AttachedDocumentDto {
  @Uuid()
  readonly id: string;

  @OneOf(DOCUMENT_KINDS)
  readonly kind: string;
}

export class ApplicationDto extends ApplicationSummaryDto {
  @Text({
    min: 0,
    max: 20_000,
    nullable: true,
    example: 'Depuis mes premiers stages, je veux préserver les fonds patrimoniaux.',
  })
  readonly motivation: string | null;

  @ListOf(() => AnswerDto, { max: 20, nullable: true })
  readonly answers: AnswerDto[] | null;

  @ListOf(() => AttachedDocumentDto, { max: MOST_ATTACHMENTS })
  readonly documents: AttachedDocumentDto[];

  @Texts({ max: 10, example: [], description: 'Fields whose stored value cannot be read' })
  readonly unreadable: string[];
}

class ApplicationGapDto {
  @Text({ max: 100, example: '/documents/cv', description: 'JSON Pointer (RFC 6901) into the application' })
  readonly pointer: string;

  @Text({ max: 40, example: 'required' })
  readonly code: string;

  @Text({ max: 200, example: 'Joignez un CV.' })
  readonly detail: string;
}

export class ApplicationCompletenessDto {
  @YesNo({ example: false, description: 'Whether it can be submitted as it is' })
  readonly isComplete: boolean;

  @ListOf(() => ApplicationGapDto, { max: 60 })
  readonly missing: ApplicationGapDto[];
}
