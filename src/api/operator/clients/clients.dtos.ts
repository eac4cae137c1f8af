import type { AgencyScope } from '../../../kernel/context.js';
import {
  AGENCY_SCOPES,
  type Possession,
  POSSESSIONS,
  SIGNATURE_ALGORITHMS,
} from '../../../modules/agencies/index.js';
import {
  AnyObject,
  Instant,
  ListOf,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
} from '../../../platform/http/fields.js';

const NAME = { max: 200, example: 'Logiciel de recrutement' } as const;
const SCOPES = {
  min: 1,
  max: AGENCY_SCOPES.length,
  values: AGENCY_SCOPES,
  unique: true,
  example: ['vacancies:read', 'applications:read'],
} as const;
const JWKS = {
  description:
    'A JSON Web Key Set (RFC 7517) of 1 to 10 public keys, each with kid and alg or, for mutual_tls, x5c',
  // The key of RFC 7515, appendix A.3.
  example: {
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        kid: '2026-11',
        alg: 'ES256',
        use: 'sig',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
    ],
  },
} as const;

export class NewClientDto {
  @Text(NAME)
  readonly name: string;

  @AnyObject(JWKS)
  readonly jwks: object;

  @Texts(SCOPES)
  readonly scopes: AgencyScope[];

  @OneOf(POSSESSIONS, {
    optional: true,
    description:
      'How it proves itself, for good. dpop: assertions, and a proof for each request (RFC 9449); certificate: assertions, and the certificate of its connection that tokens are bound to; mutual_tls: certificates alone, in x5c of its keys (RFC 8705). Default: dpop',
  })
  readonly possession?: Possession;
}

export class CreatedClientDto {
  @Uuid()
  readonly id: string;
}

export class ClientPatchDto {
  @Text({ ...NAME, optional: true })
  readonly name?: string;

  @Texts({ ...SCOPES, optional: true })
  readonly scopes?: AgencyScope[];
}

export class ClientKeysDto {
  @AnyObject(JWKS)
  readonly jwks: object;

  @Instant({
    example: '2026-12-01T18:00:00Z',
    description:
      'Until when the keys of now count beside the new ones, 90 days at most. A moment that is past ends them, and every token, at once',
  })
  readonly oldKeysUntil: string;
}

export class ClientKeyDto {
  @Text({ max: 128, example: '2026-11' })
  readonly kid: string;

  @OneOf(SIGNATURE_ALGORITHMS, { nullable: true, description: 'null for a certificate' })
  readonly alg: string | null;

  @Instant({ nullable: true, description: 'When it ends, of a key that has been replaced' })
  readonly until: string | null;
}

export class ClientDto {
  @Uuid()
  readonly id: string;

  @Uuid()
  readonly agencyId: string;

  @OneOf(['active', 'suspended', 'refused'], {
    description: 'refused: its record is not as the product last wrote it, and counts for nothing',
  })
  readonly status: string;

  @Text({ ...NAME, nullable: true, description: 'null for a client that is refused' })
  readonly name: string | null;

  @Texts({ ...SCOPES, min: 0 })
  readonly scopes: string[];

  @OneOf(POSSESSIONS, { nullable: true, description: 'null for a client that is refused' })
  readonly possession: string | null;

  @ListOf(() => ClientKeyDto, { max: 10, description: 'Those that count now' })
  readonly keys: ClientKeyDto[];

  @Instant({ example: '2026-11-02T08:00:00.000Z' })
  readonly createdAt: string;

  @Instant({ example: '2026-11-02T08:00:00.000Z' })
  readonly updatedAt: string;

  @WholeNumber({ min: 1, max: 2_147_483_647, description: 'As in the ETag' })
  readonly revision: number;
}
