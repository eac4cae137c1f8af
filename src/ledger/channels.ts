/** What the ledger's processes tell each other through PostgreSQL (LISTEN/NOTIFY); nothing is lost if a word is. */
export const STAGED_CHANNEL = 'sceau_staged';
export const CHECKPOINT_CHANNEL = 'sceau_checkpoint';
