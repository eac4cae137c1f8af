/** Why nothing is signed until an operator has looked. */
export type Disagreement =
  | 'database_ahead'
  | 'database_behind'
  | 'database_differs'
  | 'entries_missing'
  | 'entry_not_signed'
  | 'epoch_differs'
  | 'state_file_missing'
  | 'checkpoint_key_missing'
  | 'checkpoint_key_readable_by_others';

/** The database does not continue the tree that was signed from here: rolled back, restored or rewritten. */
export class TreeDisagrees extends Error {
  override readonly name = 'TreeDisagrees';
  readonly reason: Disagreement;

  constructor(reason: Disagreement) {
    super(`The ledger is not signed: ${reason}.`);
    this.reason = reason;
  }
}
