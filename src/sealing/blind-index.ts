import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type IndexPhase, type IndexState, useOf } from './blind-index-phase.js';
import { IndexKeys } from './keys/index-keys.js';

/** The form of an address that the index is made of: NFC, trimmed, lower case. Part of the index's definition. */
export function normaliseEmail(address: string): string {
  return address.normalize('NFC').trim().toLowerCase();
}

/** Held shared by whoever finds or writes by the index and alone by whoever changes its phase, until they commit. */
export const PHASE_LOCK = 7_346_435;

/** An address as the accounts' index has it in a transaction, and until that ends. */
export interface EmailIndex {
  /** What the account of the address is found by. */
  readonly where: { readonly emailIndex: Buffer } | { readonly emailIndexNext: Buffer };
  /** What the row of an account with the address carries. */
  readonly columns: { readonly emailIndex: Buffer; readonly emailIndexNext: Buffer | null };
}

/** As what an address would be found if the index's state is still what it was when it was last read. */
export interface PresumedIndex {
  readonly column: 'first' | 'second';
  readonly hash: Buffer;
  /** Whether it was, given the state by the same snapshot. */
  readonly isOf: (state: IndexState) => boolean;
}

interface StateRow {
  phase: IndexPhase;
  version: number;
  next_version: number | null;
}

/** Finds a sealed value by equality without opening any: HMAC-SHA-256 under a key that is not in the database. */
@Injectable()
export class BlindIndex {
  readonly #keys: IndexKeys;
  #latest: IndexState | undefined;

  constructor(keys: IndexKeys) {
    this.#keys = keys;
  }

  /**
   * The same for every spelling of an address. Good for the transaction that asks: the index's key may be changing.
   * @throws Failure `keys_unavailable`
   */
  async email(manager: EntityManager, address: string): Promise<EmailIndex> {
    // The lock comes first and by itself, so that the state is read as it stands once the lock is held.
    await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [PHASE_LOCK]);
    const state = await readIndexState(manager);
    this.#latest = state;
    const use = useOf(state);
    const hash = (version: number): Promise<Buffer> => this.hash(address, version);
    const found = await hash(use.find.version);
    return {
      where: use.find.column === 'first' ? { emailIndex: found } : { emailIndexNext: found },
      columns: {
        emailIndex: await hash(use.first),
        emailIndexNext: use.second === null ? null : await hash(use.second),
      },
    };
  }

  /**
   * For whoever only finds and asks for the state in the statement that finds, which then needs neither lock nor
   * transaction.
   * @returns `undefined` before the state was ever read, and when its key is not to be had (any more)
   */
  async presumed(address: string): Promise<PresumedIndex | undefined> {
    const state = this.#latest;
    if (state === undefined) return undefined;
    const { column, version } = useOf(state).find;
    const hash = await this.hash(address, version).catch(() => undefined);
    if (hash === undefined) return undefined;
    return {
      column,
      hash,
      isOf: ({ phase, version: first, next }) =>
        phase === state.phase && first === state.version && next === state.next,
    };
  }

  /** @returns 32 bytes under one version of the index's key */
  async hash(address: string, version: number): Promise<Buffer> {
    return createHmac('sha256', await this.#keys.key('email', version))
      .update(normaliseEmail(address))
      .digest();
  }
}

export async function readIndexState(manager: EntityManager): Promise<IndexState> {
  const rows: StateRow[] = await manager.query(
    `SELECT phase, version, next_version FROM platform.blind_index WHERE name = 'email'`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('The migrations leave a state for each index.');
  return { phase: row.phase, version: row.version, next: row.next_version };
}
