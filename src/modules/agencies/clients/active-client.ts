import type { AgencyId, ClientId } from '../../../kernel/ids.js';
import type { ClientMetadata } from './client-metadata.js';

/** A client that may act now. */
export interface ActiveClient extends Required<Omit<ClientMetadata, 'retiring'>> {
  readonly id: ClientId;
  readonly agencyId: AgencyId;
  /** Rises with each change of the record. */
  readonly revision: number;
}
