import type { AccountId, CandidateId } from '../../../kernel/ids.js';
import type { TouchedSubject } from '../../../ledger/index.js';
import type { Sealer } from '../../../sealing/index.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { ROLE } from '../persistence/places.js';

/** A candidate has the id of their account. The one place where that is said. */
export function candidateOf(account: AccountId): CandidateId {
  const id: string = account;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same id under its other name
  return id as CandidateId;
}

/** What happens to a candidate's account is theirs to see: the entry names them. Staff are actors only. */
export async function subjectOf(sealer: Sealer, account: AccountEntity): Promise<readonly TouchedSubject[]> {
  const role = await sealer.openOperational(ROLE, { subject: account.id, row: account.id }, account.role);
  return role === 'candidate' ? [{ candidate: candidateOf(account.id), fields: [] }] : [];
}
