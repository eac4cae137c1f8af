/** A span of time. */
export interface TimeSpan {
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
}

/** Which entries are asked for; what is left out does not matter. */
export interface LedgerFilter extends TimeSpan {
  /** Account, client, or name of a part of the product. */
  readonly actor?: string;
  readonly client?: string;
  readonly agency?: string;
  /** The subject's reference, not the candidate's id. */
  readonly subject?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly session?: string;
  /** Thumbprint of the key that an agency's program has shown. */
  readonly key?: string;
  /** Keyed hash of an address or of a network. */
  readonly origin?: string;
}

/** Leaves from one index to another, both included. */
export interface LeafSpan {
  readonly first: number;
  readonly last: number;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Which leaves the entries of a span of time are among, and a few of their neighbours. Entries come into the tree
 * nearly in the order of their times; queries that are told where to look stay as fast as the ledger grows.
 */
export function spanQuery(from: Date | undefined, to: Date | undefined): Statement {
  return {
    text: `SELECT min(first_leaf)::text AS first, max(last_leaf)::text AS last FROM audit.hours
           WHERE ($1::timestamptz IS NULL OR hour >= date_trunc('hour', $1::timestamptz, 'UTC'))
             AND ($2::timestamptz IS NULL OR hour < $2::timestamptz)`,
    values: [from ?? null, to ?? null],
  };
}

/** SQL conditions on `audit.entries e`, and their values from `$first` on. */
export function conditionsOf(
  filter: LedgerFilter,
  { first, last }: LeafSpan,
  nextParameter: number,
): { readonly where: string; readonly values: readonly unknown[] } {
  const conditions: readonly (readonly [string, unknown])[] = [
    ['e.leaf_index >= ?', first],
    ['e.leaf_index <= ?', last],
    ['e.actor_id = ?', filter.actor],
    ['e.client_id = ?', filter.client],
    ['e.agency_id = ?', filter.agency],
    ['e.action = ?', filter.action],
    ['e.outcome = ?', filter.outcome],
    ['e.session_id = ?', filter.session],
    ['e.key = ?', filter.key],
    ['(e.origin_address = ? OR e.origin_network = ?)', filter.origin],
    ['e.at >= ?', filter.from],
    ['e.at < ?', filter.to],
    [
      'e.leaf_index IN (SELECT s.leaf_index FROM audit.subject_records s WHERE s.subject = ?)',
      filter.subject,
    ],
  ];
  const given = conditions.filter(([, value]) => value !== undefined);
  return {
    where: given.map(([condition], at) => condition.replaceAll('?', `$${at + nextParameter}`)).join(' AND '),
    values: given.map(([, value]) => value),
  };
}
