const issue = Symbol('issue');

/**
 * Proof that an entry is durable. Opening a personal field takes one, and only the ledger can make one, so reading
 * that is not on record does not compile.
 */
export class Receipt {
  readonly #entryId: string;

  constructor(key: typeof issue, entryId: string) {
    if (key !== issue) throw new Error('Only the ledger issues receipts.');
    this.#entryId = entryId;
  }

  get entryId(): string {
    return this.#entryId;
  }
}

/** For the ledger alone; not exported from its index. */
export function issueReceipt(entryId: string): Receipt {
  return new Receipt(issue, entryId);
}
