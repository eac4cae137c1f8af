import type { SecurityRecord } from '../../../sealing/index.js';
import type { TicketEntity } from '../persistence/ticket.entity.js';

/** A ticket is written once. */
const REVISION = 1;

/** What of a ticket its MAC covers: all of it. */
export function ticketRecord(ticket: Omit<TicketEntity, 'mac'>): SecurityRecord {
  return {
    kind: 'identity_ticket',
    id: ticket.id,
    revision: REVISION,
    columns: [
      ['account_id', ticket.accountId],
      ['purpose', ticket.purpose],
      ['token_hash', ticket.tokenHash],
      ['expires_at', ticket.expiresAt],
      ['credential_epoch', String(ticket.credentialEpoch)],
    ],
  };
}
