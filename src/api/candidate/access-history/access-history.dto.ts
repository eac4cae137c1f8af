import { OUTCOMES } from '../../../ledger/index.js';
import {
  Instant,
  ListOf,
  Nested,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
  YesNo,
} from '../../../platform/http/fields.js';

const ACTORS = ['candidate', 'agency', 'auditor', 'operator', 'system', 'anonymous'] as const;
const PURPOSES = ['review', 'interview', 'offer', 'onboarding', 'own_data'] as const;

/** That one's own record is among those of an entry. */
class RecordProofDto {
  @Text({
    max: 20_000,
    example: 'eyJmaWVsZHMiOlsibW90aXZhdGlvbiJdfQ==',
    description: 'The exact bytes, in base64: JSON of nonce, subject, application and fields',
  })
  readonly record: string;

  @WholeNumber({ min: 0, max: 1_000_000, description: 'Its place among the entry’s records' })
  readonly position: number;

  @WholeNumber({ min: 1, max: 1_000_000, description: 'How many records the entry has' })
  readonly size: number;

  @Texts({
    max: 32,
    description:
      'Inclusion proof under the entry’s subjectsRoot, lowest hash first, in base64 (RFC 9162 §2.1.3)',
  })
  readonly hashes: string[];
}

/** What anyone can check with the ledger's public key alone. */
class AccessProofDto {
  @Text({ max: 100_000, example: 'eyJhY3Rpb24iOiJ…', description: 'The exact bytes of the entry, in base64' })
  readonly entry: string;

  @Text({
    max: 20_000,
    example: 'c2sp.org/tlog-proof@v1\nindex 41\n',
    description: 'That the entry is in the signed tree (C2SP tlog-proof)',
  })
  readonly proof: string;

  @ListOf(() => RecordProofDto, { max: 1_000, description: 'That the entry names you, and in which words' })
  readonly records: RecordProofDto[];
}

/** One access to the candidate's data. */
export class AccessDto {
  @Uuid({ description: 'Of the entry in the ledger' })
  readonly id: string;

  @Instant({ example: '2026-11-23T09:30:00.000Z' })
  readonly at: string;

  @Text({
    max: 2_000,
    example:
      'Le ministère de la Culture a lu votre motivation et vos formations pour la candidature 019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b le 23 novembre 2026 à 10 h 30. Finalité : examen de la candidature.',
    description: 'All of it in words, in the language of the request, with the time in Paris',
  })
  readonly sentence: string;

  @Text({ max: 64, example: 'application.disclosed' })
  readonly action: string;

  @OneOf(OUTCOMES, { description: 'Whether it was allowed, refused, or failed' })
  readonly outcome: string;

  @OneOf(PURPOSES, { nullable: true })
  readonly purpose: string | null;

  @OneOf(ACTORS, { example: 'agency', description: 'Who acted; `candidate` is oneself' })
  readonly actor: string;

  @Text({ max: 200, nullable: true, example: 'Ministère de la Culture' })
  readonly agencyName: string | null;

  @Uuid({ nullable: true })
  readonly applicationId: string | null;

  @Texts({ max: 30, example: ['motivation', 'education'], description: 'What was read or changed' })
  readonly fields: string[];

  @Nested(() => AccessProofDto, { description: 'That the ledger says so' })
  readonly proof: AccessProofDto;
}

/** An incident that affected the candidate. */
export class OwnIncidentDto {
  @Uuid({ description: 'To be quoted in questions about it' })
  readonly id: string;

  @Instant({
    example: '2026-11-30T10:00:00.000Z',
    description: 'When the last mail about it was sent; where none was written, when it was closed',
  })
  readonly toldAt: string;

  @Instant({ example: '2026-11-30T06:00:00.000Z', description: 'The first access' })
  readonly first: string;

  @Instant({ example: '2026-11-30T06:10:00.000Z', description: 'The last one' })
  readonly last: string;

  @WholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER, description: 'How many accesses' })
  readonly entries: number;

  @Texts({
    max: 100,
    example: ['motivation', 'education'],
    description: 'Whatever was given at least once; none where all that is held was given',
  })
  readonly fields: string[];

  @YesNo({ description: 'Whether more than these may have been seen' })
  readonly lowerBound: boolean;
}
