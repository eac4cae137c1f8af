import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Failure } from '../../kernel/errors.js';
import type { AccountId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { BlindIndex, PHASE_LOCK, readIndexState } from '../blind-index.js';
import type { IndexPhase, IndexState } from '../blind-index-phase.js';
import { decodeValue } from '../format/canonical.js';
import { keyVersionOf, openField } from '../format/sealed-field.js';
import { SubjectKeys } from '../keys/subject-keys.js';

/** Accounts per transaction. Each is locked while it lasts. */
const BATCH = 200;
const HASH_BYTES = 32;

export interface Batch {
  /** The last account of the batch; `undefined` when there is none left. */
  readonly last: string | undefined;
  readonly rows: number;
  /** Accounts that nobody finds any more: their address does not open, or is another account's already. */
  readonly lost: number;
}

interface Account {
  id: AccountId;
  email: Buffer;
  has_next: boolean;
}

/** What is left to do in a phase. */
const LEFT: Readonly<Record<Exclude<IndexPhase, 'steady'>, string>> = {
  filling: 'email_index_next IS NULL',
  switching: 'email_index IS DISTINCT FROM email_index_next',
  clearing: 'email_index_next IS NOT NULL',
};

/** The two index columns of accounts, and the state that says what they hold. Every call is made in a transaction. */
@Injectable()
export class AccountIndex {
  readonly #index: BlindIndex;
  readonly #keys: SubjectKeys;
  readonly #randomness: Randomness;

  constructor(index: BlindIndex, keys: SubjectKeys, randomness: Randomness) {
    this.#index = index;
    this.#keys = keys;
    this.#randomness = randomness;
  }

  /**
   * Goes to another phase, unless there is something left to do in the present one. Whoever finds or writes by the
   * index is waited for, and goes on by the new phase.
   * @throws Failure `conflict` when the state is another: a process that has lost its lock decides nothing
   */
  async enter(manager: EntityManager, from: IndexState, to: IndexState): Promise<boolean> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [PHASE_LOCK]);
    if (from.phase !== 'steady' && (await this.left(manager, from.phase)) > 0) return false;
    await change(manager, from, to);
    return true;
  }

  /** Empties the second column of what was filled under a key that is gone, and goes back to one key. */
  async abandon(manager: EntityManager, from: IndexState): Promise<IndexState> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [PHASE_LOCK]);
    const steady: IndexState = { phase: 'steady', version: from.version, next: null };
    await change(manager, from, steady);
    await manager.query(
      'UPDATE identity.account SET email_index_next = NULL WHERE email_index_next IS NOT NULL',
    );
    return steady;
  }

  async left(manager: EntityManager, phase: Exclude<IndexPhase, 'steady'>): Promise<number> {
    return count(manager, `WHERE ${LEFT[phase]}`);
  }

  async accounts(manager: EntityManager): Promise<number> {
    return count(manager, '');
  }

  /** Brings the next accounts behind `after`, or the first ones, to where a phase wants them. */
  async advance(
    manager: EntityManager,
    { phase, next }: IndexState,
    after: string | undefined,
  ): Promise<Batch> {
    if (phase === 'steady' || next === null) return { last: undefined, rows: 0, lost: 0 };
    const accounts: Account[] = await manager.query(
      `SELECT id, email, email_index_next IS NOT NULL AS has_next FROM identity.account
       WHERE ($1::uuid IS NULL OR id > $1::uuid) AND ${LEFT[phase]} ORDER BY id LIMIT ${BATCH} FOR UPDATE`,
      [after ?? null],
    );
    const ids = accounts.map(({ id }) => id);
    let lost = 0;
    switch (phase) {
      case 'filling':
        lost = await this.#fill(manager, accounts, next);
        break;
      case 'switching': {
        // Complete when this phase began; whoever writes to the database past us may have emptied some since.
        const emptied = accounts.filter((account) => !account.has_next);
        lost = await this.#fill(manager, emptied, next);
        await manager.query(
          'UPDATE identity.account SET email_index = email_index_next WHERE id = ANY ($1::uuid[])',
          [ids],
        );
        break;
      }
      case 'clearing':
        await manager.query(
          'UPDATE identity.account SET email_index_next = NULL WHERE id = ANY ($1::uuid[])',
          [ids],
        );
    }
    return { last: ids.at(-1), rows: ids.length, lost };
  }

  /** @returns how many nobody finds any more */
  async #fill(manager: EntityManager, accounts: readonly Account[], next: number): Promise<number> {
    if (accounts.length === 0) return 0;
    const hashes = await this.#hashes(accounts, next);
    const rows: { hash: Buffer }[] = await manager.query(
      'SELECT email_index_next AS hash FROM identity.account WHERE email_index_next = ANY ($1::bytea[])',
      [hashes.filter((hash) => hash !== undefined)],
    );
    const taken = new Set(rows.map(({ hash }) => hash.toString('hex')));
    let lost = 0;
    const given = hashes.map((hash) => {
      if (hash !== undefined && !taken.has(hash.toString('hex'))) {
        taken.add(hash.toString('hex'));
        return hash;
      }
      lost += 1;
      // Of an erased person the row may still be there: what nobody can find it by keeps the column complete.
      return this.#randomness.bytes(HASH_BYTES);
    });
    await manager.query(
      `UPDATE identity.account SET email_index_next = hash
       FROM unnest($1::uuid[], $2::bytea[]) AS filled (account, hash) WHERE id = account`,
      [accounts.map(({ id }) => id), given],
    );
    return lost;
  }

  /** Opens the addresses of many accounts by one call of the key provider. */
  async #hashes(accounts: readonly Account[], version: number): Promise<readonly (Buffer | undefined)[]> {
    const keys = await this.#keys.find(
      // A version that no subject has: such an address opens for nobody.
      accounts.map(({ id, email }) => ({ subject: id, version: keyVersionOf(email) ?? 0 })),
    );
    return Promise.all(
      accounts.map(async ({ id, email }, position) => {
        const key = keys[position];
        if (key === undefined) return undefined;
        const address = addressOf(() =>
          openField(key.key, 'identity_account.email', { subject: id, row: id }, email),
        );
        return address === undefined ? undefined : this.#index.hash(address, version);
      }),
    );
  }
}

function addressOf(open: () => Buffer): string | undefined {
  try {
    return decodeValue<string>(open());
  } catch {
    return undefined;
  }
}

async function change(manager: EntityManager, from: IndexState, to: IndexState): Promise<void> {
  const present = await readIndexState(manager);
  if (present.phase !== from.phase || present.version !== from.version || present.next !== from.next)
    throw new Failure('conflict', { detail: 'Another rotation has come to this index in the meantime.' });
  await manager.query(
    `UPDATE platform.blind_index SET phase = $1, version = $2, next_version = $3 WHERE name = 'email'`,
    [to.phase, to.version, to.next],
  );
}

async function count(manager: EntityManager, where: string): Promise<number> {
  const rows: { count: number }[] = await manager.query(
    `SELECT count(*)::integer AS count FROM identity.account ${where}`,
  );
  return rows[0]?.count ?? 0;
}
