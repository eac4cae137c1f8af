import {
  AGENCY_PURPOSES,
  type AgencyPurpose,
  RELEASABLE_FIELDS,
  type ReleasableField,
} from '../../../disclosure/index.js';
import {
  APPLICATION_STATUSES,
  type ApplicationStatus,
  REJECTION_REASONS,
  type RejectionReason,
} from '../../../modules/applications/index.js';
import {
  AnyObject,
  Instant,
  ListOf,
  Nested,
  OneOf,
  Text,
  Texts,
  Uuid,
  Uuids,
  WholeNumber,
  YesNo,
} from '../../../platform/http/fields.js';
import { PageQuery } from '../../../platform/http/index.js';

const RECEIVED = APPLICATION_STATUSES.filter((status) => status !== 'draft');

export class ReceivedQuery extends PageQuery {
  @Uuid({ optional: true })
  readonly vacancy?: string;

  @OneOf(RECEIVED, { optional: true })
  readonly status?: ApplicationStatus;

  @Instant({
    optional: true,
    example: '2026-11-01T00:00:00Z',
    description: 'Changed after this moment, in the order of changes; a cursor says better where to go on',
  })
  readonly updatedSince?: string;

  @OneOf(['newest', 'changed'], {
    optional: true,
    description:
      'changed: oldest change first, for keeping a copy up to date; without `status`, since what has left it would not be told',
  })
  readonly order?: 'newest' | 'changed';
}

export class CountsQuery {
  @Uuid({ optional: true, description: 'Of this vacancy only' })
  readonly vacancy?: string;
}

class CountDto {
  @OneOf(RECEIVED)
  readonly status: string;

  @WholeNumber({ min: 0, max: 2_147_483_647, example: 12 })
  readonly count: number;
}

export class CountsDto {
  @ListOf(() => CountDto, { max: RECEIVED.length })
  readonly items: CountDto[];

  @WholeNumber({ min: 0, max: 2_147_483_647, example: 40 })
  readonly total: number;
}

export class ReceivedDto {
  @Uuid()
  readonly id: string;

  @YesNo({ example: false, description: 'Of a sandbox: the candidate is made up' })
  readonly sandbox: boolean;

  @Uuid()
  readonly vacancyId: string;

  @Text({ max: 16, example: 'q3Zk0v9TgB1xWm7P', description: 'The same for one candidate at your agency' })
  readonly pseudonym: string;

  @OneOf(RECEIVED)
  readonly status: string;

  @Instant({ example: '2026-11-20T10:00:00.000Z' })
  readonly submittedAt: string;

  @Instant({ example: '2026-11-20T10:00:00.000Z' })
  readonly updatedAt: string;

  @Instant({
    nullable: true,
    example: '2026-12-18T17:00:00.000Z',
    description: 'Until when the candidate can answer the offer, once there is one',
  })
  readonly answerBy: string | null;

  @WholeNumber({ min: 1, max: 2_147_483_647, description: 'As in the ETag' })
  readonly revision: number;

  @Instant({
    nullable: true,
    example: '2026-11-30T10:00:00.000Z',
    description: 'When its candidate was erased: what you have copied of it is to be erased as well',
  })
  readonly erasedAt: string | null;
}

export class FieldsQuery {
  @Text({
    max: 400,
    optional: true,
    example: 'motivation,education',
    pattern: /^[A-Za-z]+(,[A-Za-z]+)*$/,
    description: `Comma-separated, of ${RELEASABLE_FIELDS.join(', ')}; left out: all that is released`,
  })
  readonly fields?: string;
}

export class DisclosedDto extends ReceivedDto {
  @OneOf(AGENCY_PURPOSES)
  readonly purpose: string;

  @AnyObject({
    description: 'The released fields',
    example: { motivation: 'Préserver les fonds patrimoniaux.', givenName: 'Camille' },
  })
  readonly fields: object;

  @Texts({
    max: 20,
    values: RELEASABLE_FIELDS,
    example: [],
    description: 'Fields whose stored value cannot be read',
  })
  readonly unreadable: string[];
}

export class DisclosureWishDto {
  @Uuids({ min: 1, max: 50 })
  readonly ids: string[];

  @OneOf(AGENCY_PURPOSES)
  readonly purpose: AgencyPurpose;

  @Texts({
    min: 1,
    max: 20,
    values: RELEASABLE_FIELDS,
    optional: true,
    unique: true,
    example: ['motivation'],
  })
  readonly fields?: ReleasableField[];
}

export class BulkItemDto {
  @Uuid()
  readonly id: string;

  @Nested(() => DisclosedDto, { optional: true })
  readonly application?: DisclosedDto;

  @OneOf(['not_found', 'purpose_not_allowed', 'field_not_released'], { optional: true })
  readonly refusal?: string;
}

export class BulkDto {
  @ListOf(() => BulkItemDto, { max: 50 })
  readonly items: BulkItemDto[];
}

export class TransitionDto {
  @OneOf(RECEIVED, { example: 'under_review' })
  readonly to: ApplicationStatus;

  @OneOf(REJECTION_REASONS, {
    optional: true,
    example: 'profile_mismatch',
    description:
      'Needed for a rejection, and for nothing else; `interview_inconclusive` after the interview only. The candidate sees it',
  })
  readonly reason?: RejectionReason;

  @Text({
    max: 2_000,
    pattern: /\S/,
    optional: true,
    example: 'Votre parcours nous intéresse.',
    description: 'For the candidate to read',
  })
  readonly publicNote?: string;

  @Text({
    max: 4_000,
    pattern: /\S/,
    optional: true,
    example: 'Votre expérience des fonds anciens a convaincu ; celle du numérique est à compléter.',
    description: 'With a rejection only: what the candidate can learn from it',
  })
  readonly feedback?: string;

  @Instant({
    optional: true,
    example: '2026-12-18T17:00:00Z',
    description:
      'Needed for an offer, and for nothing else: until when the candidate can answer, two to ninety days from now',
  })
  readonly answerBy?: string;
}
