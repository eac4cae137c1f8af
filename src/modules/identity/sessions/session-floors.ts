import type { SessionId } from '../../../kernel/ids.js';
import type { AccountEntity } from '../persistence/account.entity.js';

/**
 * Sessions that were ended, or got a new token, since the account's epoch last rose: `<session id>:<least revision>`
 * for as long as the session could still have lasted. Part of what the account's MAC covers, and the account has its
 * revision in the key store: so a row that is put back is known for one that is over.
 */
type Epoch = Pick<AccountEntity, 'credentialEpoch' | 'sessionFloors'>;

/** No revision gets there. */
const ENDED = 2 ** 31 - 1;
/** More than anybody ends in half a day; beyond it every session ends at once instead. */
const MOST = 64;

/** The account as it is once all its sessions and tickets are over. */
export function nextEpoch({ credentialEpoch }: Epoch): Epoch {
  return { credentialEpoch: credentialEpoch + 1, sessionFloors: [] };
}

/** The account as a backup has brought it back: no epoch that it has gone through since then comes again. */
export function epochAfterRestore({ credentialEpoch }: Epoch): Epoch {
  return { credentialEpoch: credentialEpoch + 65_536, sessionFloors: [] };
}

/** The account as it is once one session is over. @param since sessions opened before have run out anyway */
export function withoutSession(account: Epoch, id: SessionId, since: Date): Epoch {
  return withFloor(account, id, ENDED, since);
}

/** The account as it is once only a session's new token counts. @param revision the new token's */
export function withFloor(account: Epoch, id: SessionId, revision: number, since: Date): Epoch {
  const others = account.sessionFloors.filter(
    (floor) => !floor.startsWith(id) && beginOf(floor) >= since.getTime(),
  );
  if (others.length >= MOST) return nextEpoch(account);
  return {
    credentialEpoch: account.credentialEpoch,
    sessionFloors: [...others, `${id}:${revision}`].toSorted(),
  };
}

/** Whether a session, as some row has it, has not been ended or renewed since. */
export function isCurrent(
  account: Epoch,
  session: { readonly id: SessionId; readonly revision: number; readonly credentialEpoch: number },
): boolean {
  const floor = account.sessionFloors.find((entry) => entry.startsWith(session.id));
  const least = floor === undefined ? 1 : Number(floor.slice(session.id.length + 1));
  return session.credentialEpoch === account.credentialEpoch && session.revision >= least;
}

/** When a session was opened, in milliseconds since the epoch: its id says so (RFC 9562 §5.7). */
function beginOf(floor: string): number {
  return Number.parseInt(floor.slice(0, 13).replace('-', ''), 16);
}
