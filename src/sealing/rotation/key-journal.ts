import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';

/** Something that was done to keys, as the ledger records it. */
export interface KeyEvent {
  readonly action:
    | 'key.master_rotated'
    | 'key.rewrapped'
    | 'key.master_retired'
    | 'key.subject_rotated'
    | 'key.index_rotated';
  /** Which key: `master:3`, `index:email:2`, or the subject's id. */
  readonly resource: string;
  /** How many keys, values or rows it was about. */
  readonly count?: number;
}

/** Where this room's entries go. It knows no ledger; the composition root says which. */
export abstract class KeyJournal {
  /** Resolves once the entry is durable. @throws Failure `ledger_unavailable` */
  abstract record(context: RequestContext, event: KeyEvent): Promise<void>;
  /** Records in the transaction of the change. @throws Failure `ledger_unavailable`, which the transaction must follow */
  abstract stage(manager: EntityManager, context: RequestContext, event: KeyEvent): Promise<void>;
}
