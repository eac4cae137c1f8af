import { Instant, Text, Texts, WholeNumber } from '../../../platform/http/fields.js';

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
