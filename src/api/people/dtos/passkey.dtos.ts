import {
  AnyObject,
  Instant,
  Nested,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
} from '../../../platform/http/fields.js';
import { BASE64URL } from './credential-fields.js';

const bytes = (max: number, example: string) => ({ max, example, pattern: BASE64URL }) as const;
const CREDENTIAL_ID = bytes(1_400, 'mQ1x0cS8k2bYw7tT3vJc5Q');
/** `{"type":"webauthn.get","challenge":"…","origin":"https://sceau.example","crossOrigin":false}` */
const CLIENT_DATA = bytes(
  4_000,
  'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiYSIsIm9yaWdpbiI6Imh0dHBzOi8vc2NlYXUuZXhhbXBsZSIsImNyb3NzT3JpZ2luIjpmYWxzZX0',
);
const AUTHENTICATOR_DATA = bytes(8_000, 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ');
const ATTACHMENTS = ['platform', 'cross-platform'] as const;
const EXTENSIONS = { optional: true, example: {}, description: 'Not looked at' } as const;

export class PasskeyChallengeWishDto {
  @OneOf(['sign_in', 'step_up'], {
    description: 'What the passkey is to be given for; it counts for nothing else',
  })
  readonly purpose: 'sign_in' | 'step_up';
}

/** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn §5.5). */
export class PasskeyChallengeDto {
  @Text({
    ...bytes(43, 'J0lC0z4n7QmB1Zr5s8uXy2v9w3K6p1H4d7F0g5T2aEo'),
    description: 'Good once, for five minutes',
  })
  readonly challenge: string;

  @Text({ max: 253, example: 'sceau.example' })
  readonly rpId: string;

  @WholeNumber({ min: 1, max: 600_000, example: 300_000, description: 'Milliseconds' })
  readonly timeout: number;

  @Texts({ max: 0, example: [], description: 'Always empty: nobody’s passkeys are listed' })
  readonly allowCredentials: string[];

  @OneOf(['required'])
  readonly userVerification: string;
}

/** `PublicKeyCredential` as `toJSON()` gives it, but for what it answers. */
class PublicKeyCredentialDto {
  @Text(CREDENTIAL_ID)
  readonly id: string;

  @Text(CREDENTIAL_ID)
  readonly rawId: string;

  @OneOf(['public-key'])
  readonly type: 'public-key';

  @OneOf(ATTACHMENTS, { optional: true })
  readonly authenticatorAttachment?: (typeof ATTACHMENTS)[number];

  @AnyObject(EXTENSIONS)
  readonly clientExtensionResults?: object;
}

class AssertionResponseDto {
  @Text(CLIENT_DATA)
  readonly clientDataJSON: string;

  @Text(AUTHENTICATOR_DATA)
  readonly authenticatorData: string;

  @Text(bytes(8_000, 'MEUCIQDabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdAiB'))
  readonly signature: string;

  @Text({ ...bytes(88, 'q9v7dXnKf2m1pW8rT4yUeHc6Zb0sLjGa3xQoNiVtMkE'), optional: true })
  readonly userHandle?: string;
}

/** `AuthenticationResponseJSON` (WebAuthn §5.1.8), as `PublicKeyCredential.toJSON()` gives it. */
export class PasskeyAssertionDto extends PublicKeyCredentialDto {
  @Nested(() => AssertionResponseDto)
  readonly response: AssertionResponseDto;
}

export const ASSERTION_EXAMPLE = {
  id: CREDENTIAL_ID.example,
  rawId: CREDENTIAL_ID.example,
  type: 'public-key',
  response: {
    clientDataJSON: CLIENT_DATA.example,
    authenticatorData: AUTHENTICATOR_DATA.example,
    signature: 'MEUCIQDabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdAiB',
  },
};

class AttestationResponseDto {
  @Text(CLIENT_DATA)
  readonly clientDataJSON: string;

  @Text(bytes(32_000, 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA'))
  readonly attestationObject: string;

  @Text({ ...AUTHENTICATOR_DATA, optional: true, description: 'Not looked at' })
  readonly authenticatorData?: string;

  @Texts({ max: 8, maxLength: 20, optional: true, example: ['internal', 'hybrid'] })
  readonly transports?: string[];

  @Text({
    ...bytes(8_000, 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE'),
    optional: true,
    description: 'Not looked at',
  })
  readonly publicKey?: string;

  @WholeNumber({ min: -65_536, max: 65_536, example: -7, optional: true, description: 'Not looked at' })
  readonly publicKeyAlgorithm?: number;
}

const NAME = { max: 60, example: 'Téléphone' } as const;

/** `RegistrationResponseJSON` (WebAuthn §5.1.8), as `PublicKeyCredential.toJSON()` gives it. */
export class PasskeyAttestationDto extends PublicKeyCredentialDto {
  @Nested(() => AttestationResponseDto)
  readonly response: AttestationResponseDto;

  @Text({ ...NAME, optional: true, description: 'What its owner calls it; beside what the browser gives' })
  readonly name?: string;
}

export class PasskeyOfferDto {
  @Uuid({ description: 'Of the passkey that is to be confirmed' })
  readonly id: string;

  @AnyObject({
    description: 'PublicKeyCredentialCreationOptionsJSON (WebAuthn §5.4) for navigator.credentials.create',
    example: {
      rp: { id: 'sceau.example', name: 'Sceau' },
      challenge: 'J0lC0z4n7QmB1Zr5s8uXy2v9w3K6p1H4d7F0g5T2aEo',
      attestation: 'none',
    },
  })
  readonly options: object;
}

export class PasskeyNameDto {
  @Text({ ...NAME, nullable: true, description: 'What its owner calls it from now on' })
  readonly name: string | null;
}

export class PasskeyDto {
  @Uuid()
  readonly id: string;

  @Text({ ...NAME, nullable: true, description: 'What its owner calls it' })
  readonly name: string | null;

  @Instant()
  readonly createdAt: string;

  @Instant({ nullable: true })
  readonly lastUsedAt: string | null;
}
