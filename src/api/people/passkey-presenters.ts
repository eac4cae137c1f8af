import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { MadePasskey, PasskeySummary } from '../../modules/identity/index.js';
import type { PasskeyAssertionDto, PasskeyAttestationDto, PasskeyDto } from './dtos/passkey.dtos.js';

/** Extensions are nothing that we ask for, so nothing that we look at. */
export function assertionOf({ id, rawId, type, response }: PasskeyAssertionDto): AuthenticationResponseJSON {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  const user = userHandle === undefined ? {} : { userHandle };
  return {
    id,
    rawId,
    type,
    response: { clientDataJSON, authenticatorData, signature, ...user },
    clientExtensionResults: {},
  };
}

export function attestationOf({ id, rawId, type, response, name }: PasskeyAttestationDto): MadePasskey {
  const { clientDataJSON, attestationObject, transports = [] } = response;
  return {
    response: {
      id,
      rawId,
      type,
      response: { clientDataJSON, attestationObject, transports },
      clientExtensionResults: {},
    },
    name: name ?? null,
  };
}

export function presentPasskey({ id, name, createdAt, lastUsedAt }: PasskeySummary): PasskeyDto {
  return { id, name, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null };
}
