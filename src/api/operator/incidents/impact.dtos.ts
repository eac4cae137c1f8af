import { LETTER_STATES, type LetterState } from '../../../modules/incidents/index.js';
import {
  Instant,
  ListOf,
  Nested,
  OneOf,
  Text,
  Texts,
  WholeNumber,
  YesNo,
} from '../../../platform/http/fields.js';

const MOST = Number.MAX_SAFE_INTEGER;
const FIELDS = {
  max: 100,
  example: ['motivation', 'education'],
  description: 'Whatever was given or changed at least once; none where all that is held was given',
} as const;

class SignedTreeDto {
  @WholeNumber({ min: 1, max: MOST, description: 'Entries in the tree' })
  readonly size: number;

  @Text({
    max: 2_000,
    example: 'sceau.example.fr/audit\n41\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    description: 'Signed note (C2SP tlog-checkpoint)',
  })
  readonly note: string;
}

class FieldCountDto {
  @Text({ max: 64, example: 'motivation' })
  readonly field: string;

  @WholeNumber({ min: 1, max: MOST, description: 'Of how many candidates' })
  readonly candidates: number;
}

/** Whose data an incident affects, in numbers. */
export class ImpactDto {
  @WholeNumber({ min: 0, max: MOST, description: 'People affected, those erased since included' })
  readonly candidates: number;

  @WholeNumber({ min: 0, max: MOST, description: 'Of these erased since: counted, and nobody can be told' })
  readonly erased: number;

  @WholeNumber({
    min: 0,
    max: MOST,
    description: 'How many have been told: a mail server has taken the letter',
  })
  readonly told: number;

  @WholeNumber({ min: 0, max: MOST, description: 'To how many a letter is on its way' })
  readonly waiting: number;

  @WholeNumber({
    min: 0,
    max: MOST,
    description: 'How many could not be reached: no mail server takes the letter, or none has in three days',
  })
  readonly unreached: number;

  @WholeNumber({ min: 0, max: MOST, description: 'Canaries affected as well: nobody, in no other number' })
  readonly canaries: number;

  @WholeNumber({ min: 0, max: MOST, description: 'Entries by which something was given or changed' })
  readonly entries: number;

  @Instant({ nullable: true })
  readonly first: string | null;

  @Instant({ nullable: true })
  readonly last: string | null;

  @WholeNumber({
    min: 0,
    max: MOST,
    description: 'Of how many all that is held was given, whichever fields are named besides',
  })
  readonly everything: number;

  @ListOf(() => FieldCountDto, { max: 100, description: 'Most first' })
  readonly fields: FieldCountDto[];

  @Nested(() => SignedTreeDto, { nullable: true, description: 'The tree that was looked through' })
  readonly checkpoint: SignedTreeDto | null;

  @WholeNumber({
    min: 0,
    max: MOST,
    description: 'Entries of any kind that were still on their way to the tree, and in no number: ask again',
  })
  readonly awaited: number;

  @Instant({
    nullable: true,
    description:
      'Contents from before are no longer kept, and were asked for: who was read then cannot be named',
  })
  readonly keptFrom: string | null;

  @YesNo({
    description:
      'Whether the numbers are a lower bound: nothing but its time is known of the incident, contents that are no longer kept were asked for, or entries are awaited',
  })
  readonly lowerBound: boolean;
}

/** One candidate of whom something was given or changed. */
export class AffectedDto {
  @Text({
    max: 36,
    example: '4f1f7d0e-9c5a-4b7e-8d3a-2f6b1c0e9d87',
    description: 'The pseudonym in the ledger; not a candidate’s id',
  })
  readonly pseudonym: string;

  @Texts(FIELDS)
  readonly fields: string[];

  @WholeNumber({ min: 1, max: MOST })
  readonly entries: number;

  @Instant({ example: '2026-11-30T06:00:00.000Z' })
  readonly first: string;

  @Instant({ example: '2026-11-30T06:10:00.000Z' })
  readonly last: string;

  @YesNo({ example: false, description: 'Erased since: nobody can be told' })
  readonly erased: boolean;

  @OneOf(LETTER_STATES, {
    example: 'accepted',
    description:
      'What has become of the last letter: none was written, it is waiting to be sent, a mail server has accepted it, or refused it for good',
  })
  readonly letter: LetterState;

  @YesNo({ example: false, description: 'Nobody: in no figure' })
  readonly canary: boolean;
}

class SubjectRecordDto {
  @Text({
    max: 20_000,
    nullable: true,
    example: 'eyJmaWVsZHMiOlsibW90aXZhdGlvbiJdfQ==',
    description:
      'The exact bytes, in base64: JSON of nonce, subject, application and fields; null once erased',
  })
  readonly record: string | null;

  @Text({
    max: 44,
    nullable: true,
    example: 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    description: 'Of an erased record, its hash in base64',
  })
  readonly hash: string | null;
}

/** An entry that gave something away, and that the signed ledger says so. */
export class ProvenEntryDto {
  @Text({ max: 36, example: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b' })
  readonly id: string;

  @Instant({ example: '2026-11-30T06:00:00.000Z' })
  readonly at: string;

  @Text({ max: 64, example: 'application.disclosed' })
  readonly action: string;

  @Text({ max: 100_000, example: 'eyJhY3Rpb24iOiJ…', description: 'The exact bytes of the entry, in base64' })
  readonly entry: string;

  @Text({
    max: 20_000,
    example: 'c2sp.org/tlog-proof@v1\nindex 41\n',
    description: 'That the entry is in the signed tree (C2SP tlog-proof)',
  })
  readonly proof: string;

  @ListOf(() => SubjectRecordDto, {
    max: 1_000,
    description: 'In the order in which subjectsRoot is over them',
  })
  readonly subjects: SubjectRecordDto[];

  @YesNo({
    description: 'Whether all of it was checked and leads to the checkpoint: if not, verify the ledger',
  })
  readonly holds: boolean;
}
