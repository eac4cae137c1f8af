import type { RecordTable } from '../../security-records/index.js';
import type { ClientEntity } from '../persistence/client.entity.js';

/** What of a client its MAC covers: everything. */
export const CLIENT_RECORD: RecordTable<Omit<ClientEntity, 'revision' | 'mac'>> = {
  kind: 'agencies_client',
  columns: (client) => [
    ['agency_id', client.agencyId],
    ['status', client.status],
    ['metadata', client.metadata],
    ['created_at', client.createdAt],
    ['updated_at', client.updatedAt],
  ],
};
