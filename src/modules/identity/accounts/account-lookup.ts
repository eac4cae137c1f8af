import { Injectable } from '@nestjs/common';
import {
  BlindIndex,
  type IndexState,
  normaliseEmail,
  Sealer,
  SubjectKeys,
  unlessUnreadable,
} from '../../../sealing/index.js';
import { StandingRecords } from '../../security-records/index.js';
import { ACCOUNT_COLUMNS } from '../persistence/account-columns.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { IdentityStatements } from '../persistence/identity-statements.js';
import { EMAIL } from '../persistence/places.js';
import { ACCOUNT_RECORD } from './account-record.js';

export type LookedUp =
  | { readonly kind: 'account'; readonly account: AccountEntity }
  | { readonly kind: 'none' }
  /** Something is not as it nearly always is: `Accounts` looks properly. */
  | { readonly kind: 'unsure' };

type Row = { readonly state: IndexState } & (AccountEntity | { readonly id: null });

const findBy = (column: 'email_index' | 'email_index_next') =>
  ({
    name: `account-by-${column}`,
    text: `SELECT json_build_object('phase', index.phase, 'version', index.version, 'next', index.next_version) AS state,
                  ${ACCOUNT_COLUMNS}
           FROM platform.blind_index AS index LEFT JOIN identity.account ON account.${column} = $1
           WHERE index.name = 'email'`,
  }) as const;

const FIND = { first: findBy('email_index'), second: findBy('email_index_next') } as const;

/**
 * Finds the account of an address without a transaction, in one statement. By which key and column is taken from what
 * the index's state was when it was last read; the statement tells what it is, and what was found by another one counts
 * for nothing. Like `SessionCheck` it only ever confirms.
 */
@Injectable()
export class AccountLookup {
  readonly #statements: IdentityStatements;
  readonly #index: BlindIndex;
  readonly #records: StandingRecords;
  readonly #keys: SubjectKeys;
  readonly #sealer: Sealer;

  constructor(
    statements: IdentityStatements,
    index: BlindIndex,
    records: StandingRecords,
    keys: SubjectKeys,
    sealer: Sealer,
  ) {
    this.#statements = statements;
    this.#index = index;
    this.#records = records;
    this.#keys = keys;
    this.#sealer = sealer;
  }

  /** @throws Failure `keys_unavailable`, `service_unavailable` */
  async find(address: string): Promise<LookedUp> {
    const presumed = await this.#index.presumed(address);
    if (presumed === undefined) return { kind: 'unsure' };
    const [row] = await this.#statements.run<Row>(FIND[presumed.column], [presumed.hash]);
    if (row === undefined || !presumed.isOf(row.state)) return { kind: 'unsure' };
    if (row.id === null) return { kind: 'none' };
    return (await this.isAt(row, address)) ? { kind: 'account', account: row } : { kind: 'unsure' };
  }

  /** The work of finding that an account stands and has this address; whether it is so is another matter with a decoy. */
  async isAt(account: AccountEntity, address: string): Promise<boolean> {
    const isSettled = await this.#records.isSettled(ACCOUNT_RECORD, account);
    // From its provider, whoever has been here before: else the time told who has.
    this.#keys.forget(account.id);
    const own = await this.#addressOf(account);
    return isSettled && own !== undefined && normaliseEmail(own) === normaliseEmail(address);
  }

  #addressOf({ id, email }: AccountEntity): Promise<string | undefined> {
    return unlessUnreadable(this.#sealer.openOperational(EMAIL, { subject: id, row: id }, email));
  }
}
