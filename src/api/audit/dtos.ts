import { ACTIONS, OUTCOMES } from '../../ledger/index.js';
import {
  Instant,
  ListOf,
  Nested,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
} from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/index.js';

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

  @Uuid({ optional: true, description: 'Reference of a subject; not a candidate id' })
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
  @Uuid({ description: 'Reference of the subject: random, and the same in every entry about them' })
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

  @OneOf(ACTIONS, { example: 'application.disclosed' })
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

export class CheckpointDto {
  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER })
  readonly size: number;

  @Instant({ example: '2026-11-23T09:30:00.000Z' })
  readonly at: string;

  @Text({
    max: 2_000,
    example: 'sceau.localhost/audit/1\n42\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    description: 'C2SP signed note',
  })
  readonly note: string;
}

export class ProofDto {
  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER })
  readonly index: number;

  @Text({ max: 100_000, example: 'eyJhY3Rpb24iOiJ…', description: 'The exact bytes of the entry, in base64' })
  readonly entry: string;

  @Texts({ max: 64, description: 'Hashes of the inclusion proof, lowest first, in base64 (RFC 9162 §2.1.3)' })
  readonly hashes: string[];

  @Nested(() => CheckpointDto)
  readonly checkpoint: CheckpointDto;

  @Text({
    max: 10_000,
    example: 'c2sp.org/tlog-proof@v1\nindex 41\n',
    description: 'All of it but the entry, for any verifier (C2SP tlog-proof)',
  })
  readonly proof: string;
}

export class ConsistencyQuery {
  @WholeNumber({
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    query: true,
    description: 'Size of the earlier tree',
  })
  readonly from: number;

  @WholeNumber({
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    query: true,
    description: 'Size of the later tree',
  })
  readonly to: number;
}

export class ConsistencyDto {
  @WholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER })
  readonly from: number;

  @WholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER })
  readonly to: number;

  @Texts({ max: 128, description: 'RFC 9162 §2.1.4, in base64' })
  readonly hashes: string[];
}
