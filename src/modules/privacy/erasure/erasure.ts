import type { Id } from '../../../kernel/ids.js';

export type ErasureId = Id<'erasure'>;

/** Who wanted it: the candidate from their account, an operator for a letter, or nobody for a long time. */
export type ErasureCause = 'candidate' | 'operator' | 'inactivity';

/** An erasure as it is acknowledged: from then on nobody can read anything of the candidate. */
export interface Acknowledged {
  readonly id: ErasureId;
  readonly askedAt: Date;
  /** When the last backup of the key store that may hold the candidate's keys is gone. */
  readonly backupsUntil: Date;
  readonly backupDays: number;
}
