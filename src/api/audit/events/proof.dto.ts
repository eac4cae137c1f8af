import { Nested, Text, Texts, Uuid, WholeNumber } from '../../../platform/http/fields.js';
import { CheckpointDto } from '../checkpoints/checkpoint.dtos.js';

class SignedByDto {
  @Uuid({ description: 'The process’s stream of entries' })
  readonly id: string;

  @WholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER, description: 'The entry’s number in the stream' })
  readonly n: number;

  @Text({
    max: 776,
    example: 'Az3grlgtzPICa5OS8npVmf1Myq…',
    description: 'Ed25519 over the entries of one commit, and the place of this one among them, in base64',
  })
  readonly signature: string;
}

export class ProofDto {
  @WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER })
  readonly index: number;

  @Text({ max: 100_000, example: 'eyJhY3Rpb24iOiJ…', description: 'The exact bytes of the entry, in base64' })
  readonly entry: string;

  @Text({
    max: 44,
    example: 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    description: 'Hash of the leaf, in base64: SHA-256 of a zero byte and the entry (RFC 9162 §2.1.1)',
  })
  readonly leaf: string;

  @Nested(() => SignedByDto, { description: 'Who has staged the entry' })
  readonly writer: SignedByDto;

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
