import { ACTIONS, OUTCOMES } from '../../../ledger/index.js';
import {
  Instant,
  ListOf,
  Nested,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
} from '../../../platform/http/fields.js';
import { PageQuery } from '../../../platform/http/index.js';

/** References are random UUIDs (version 4), unlike ids. */
const REFERENCE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class EventQuery extends PageQuery {
  @Text({
    max: 128,
    optional: true,
    example: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b',
    description: 'Account or client that acted, or the name of a part of the product',
  })
  readonly actor?: string;

  @Uuid({ optional: true })
  readonly client?: string;

  @Uuid({ optional: true })
  readonly agency?: string;

  @Text({
    max: 36,
    pattern: REFERENCE,
    optional: true,
    example: '4f1f7d0e-9c5a-4b7e-8d3a-2f6b1c0e9d87',
    description: 'Reference of a subject; not a candidate id',
  })
  readonly subject?: string;

  @OneOf(ACTIONS, { optional: true, example: 'application.disclosed' })
  readonly action?: string;

  @OneOf(OUTCOMES, { optional: true })
  readonly outcome?: string;

  @Instant({ optional: true, example: '2026-11-01T00:00:00Z', description: 'Inclusive' })
  readonly from?: string;

  @Instant({ optional: true, description: 'Exclusive' })
  readonly to?: string;
}

class ActorDto {
  @Text({ max: 20, example: 'agency' })
  readonly kind: string;

  @Text({
    max: 128,
    nullable: true,
    example: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b',
    description: 'Of an account or a client; the name of a part of the product',
  })
  readonly id: string | null;
}

class ResourceDto {
  @Text({ max: 20, example: 'application' })
  readonly type: string;

  @Text({ max: 128, nullable: true, example: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b' })
  readonly id: string | null;
}

class EventSubjectDto {
  @Text({
    max: 36,
    pattern: REFERENCE,
    example: '4f1f7d0e-9c5a-4b7e-8d3a-2f6b1c0e9d87',
    description: 'Reference of the subject: random, and the same in every entry about them',
  })
  readonly subject: string;

  @Uuid({ nullable: true })
  readonly application: string | null;

  @Texts({
    max: 100,
    example: ['motivation', 'education'],
    description: 'Names of the fields, never their values',
  })
  readonly fields: string[];
}

export class EventDto {
  @Uuid()
  readonly id: string;

  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER, description: 'Its place in the tree' })
  readonly index: number;

  @Instant({ example: '2026-11-23T09:30:00.000Z' })
  readonly at: string;

  @Text({ max: 64, example: 'application.disclosed', description: 'One of the vocabulary, present or past' })
  readonly action: string;

  @Text({ max: 200, example: 'read fields of the application', description: 'The action in words' })
  readonly description: string;

  @OneOf(OUTCOMES)
  readonly outcome: string;

  @Text({ max: 64, nullable: true, example: 'purpose_not_allowed' })
  readonly reason: string | null;

  @Nested(() => ActorDto)
  readonly actor: ActorDto;

  @Uuid({ nullable: true })
  readonly client: string | null;

  @Uuid({ nullable: true })
  readonly agency: string | null;

  @Uuid({ nullable: true })
  readonly session: string | null;

  @Text({
    max: 43,
    nullable: true,
    example: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
    description: 'Thumbprint of the key that the agency’s program has proven to hold',
  })
  readonly key: string | null;

  @Nested(() => ResourceDto)
  readonly resource: ResourceDto;

  @Text({ max: 20, nullable: true, example: 'review' })
  readonly purpose: string | null;

  @Uuid()
  readonly requestId: string;

  @Text({ max: 60, example: 'nJ8v0mQx3k', description: 'Keyed hash of the network the request came from' })
  readonly origin: string;

  @WholeNumber({ min: 0, max: 2_147_483_647, example: 1, description: 'How many candidates it touched' })
  readonly count: number;

  @ListOf(() => EventSubjectDto, { max: 1_000, description: 'Whose data, and which fields' })
  readonly subjects: EventSubjectDto[];
}
