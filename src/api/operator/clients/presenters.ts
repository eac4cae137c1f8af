import type { RegisteredClient } from '../../../modules/agencies/index.js';
import { type Revised, withRevision } from '../../../platform/http/index.js';
import type { ClientDto } from './clients.dtos.js';

export function presentClient({ registration, ...client }: RegisteredClient): ClientDto {
  return {
    id: client.id,
    agencyId: client.agencyId,
    status: client.status,
    name: registration?.name ?? null,
    scopes: [...(registration?.scopes ?? [])],
    possession: registration?.possession ?? null,
    keys: (registration?.keys ?? []).map(({ kid, alg, until }) => ({
      kid,
      alg,
      until: until?.toISOString() ?? null,
    })),
    createdAt: client.createdAt.toISOString(),
    updatedAt: client.updatedAt.toISOString(),
    revision: client.revision,
  };
}

export const presentRevised = (client: RegisteredClient): Revised<ClientDto> =>
  withRevision(presentClient(client), client.revision);
