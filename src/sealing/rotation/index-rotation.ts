import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Database } from '../../platform/database/database.js';
import { readIndexState } from '../blind-index.js';
import type { IndexState } from '../blind-index-phase.js';
import { IndexKeys } from '../keys/index-keys.js';
import { KeyStore } from '../keys/key-store.js';
import { AccountIndex } from './account-index.js';
import { KeyJournal } from './key-journal.js';
import type { Report } from './progress.js';
import { RotationPool } from './rotation-pool.js';

/** Filling, switching and clearing each come to every account. */
const PASSES = 3;

export interface IndexRotated {
  readonly version: number;
  /** Accounts that nobody finds any more: their address does not open, or is another account's already. */
  readonly lost: number;
  /** Nothing was renewed: a run that was killed before it had deleted the old key was finished. */
  readonly isFinishing: boolean;
}

/** Renews the key of the accounts' index, while every address is found and no two accounts get the same. */
@Injectable()
export class IndexRotation {
  readonly #pool: RotationPool;
  readonly #database: Database;
  readonly #accounts: AccountIndex;
  readonly #keys: IndexKeys;
  readonly #store: KeyStore;
  readonly #journal: KeyJournal;

  constructor(
    pool: RotationPool,
    database: Database,
    accounts: AccountIndex,
    keys: IndexKeys,
    store: KeyStore,
    journal: KeyJournal,
  ) {
    this.#pool = pool;
    this.#database = database;
    this.#accounts = accounts;
    this.#keys = keys;
    this.#store = store;
    this.#journal = journal;
  }

  /**
   * A run that was killed is finished, not repeated; the key that was left is deleted at the end.
   * @throws Failure `conflict` while another rotation is at work, `keys_unavailable`, `ledger_unavailable`
   */
  rotate(context: RequestContext, report: Report): Promise<IndexRotated> {
    return this.#pool.exclusively(async () => {
      let state = await this.#present();
      let lost = 0;
      if (state.phase === 'steady') {
        // Killed between the last phase and here: that rotation is what is finished.
        if ((await this.#store.deleteIndexKeys('email', state.version)) > 0)
          return { version: state.version, lost, isFinishing: true };
        state = await this.#begin(state);
      }
      const progress = await this.#progressOf(state, report);
      while (state.phase !== 'steady') {
        lost += await this.#complete(state, progress);
        state = await this.#leave(context, state);
      }
      await this.#store.deleteIndexKeys('email', state.version);
      return { version: state.version, lost, isFinishing: false };
    });
  }

  /** A rotation that a backup has brought back may be to a key that later ones have deleted: it cannot be finished. */
  async #present(): Promise<IndexState> {
    const state = await this.#run(readIndexState);
    if (state.next === null || (await this.#store.indexKey('email', state.next)) !== undefined) return state;
    return this.#run((manager) => this.#accounts.abandon(manager, state));
  }

  async #begin(state: IndexState): Promise<IndexState> {
    const newest = await this.#store.newestIndexKey('email');
    // A key that is newer than the state was made by a run that was killed before it could say so.
    const next =
      newest > state.version ? newest : await this.#keys.renew('email', Math.max(newest, state.version) + 1);
    const filling: IndexState = { phase: 'filling', version: state.version, next };
    await this.#run((manager) => this.#accounts.enter(manager, state, filling));
    return filling;
  }

  /** Comes to every account that a phase has left. */
  async #complete(state: IndexState, progress: (rows: number) => void): Promise<number> {
    let lost = 0;
    for (let after: string | undefined; ;) {
      const batch = await this.#run((manager) => this.#accounts.advance(manager, state, after));
      lost += batch.lost;
      progress(batch.rows);
      if (batch.last === undefined) return lost;
      after = batch.last;
    }
  }

  /** @returns the next phase, or the same one when there is something left after all */
  #leave(context: RequestContext, state: IndexState): Promise<IndexState> {
    const to = phaseAfter(state);
    return this.#run(async (manager) => {
      if (!(await this.#accounts.enter(manager, state, to))) return state;
      if (to.phase === 'steady') {
        await this.#journal.stage(manager, context, {
          action: 'key.index_rotated',
          resource: `index:email:${to.version}`,
          count: await this.#accounts.accounts(manager),
        });
      }
      return to;
    });
  }

  /** How much of all three passes is done, also where an earlier run has done some of it. */
  async #progressOf(state: IndexState, report: Report): Promise<(rows: number) => void> {
    const { total, left } = await this.#run(async (manager) => ({
      total: await this.#accounts.accounts(manager),
      left: state.phase === 'steady' ? 0 : await this.#accounts.left(manager, state.phase),
    }));
    const passes = { steady: 0, filling: 0, switching: 1, clearing: 2 }[state.phase];
    let done = Math.max(0, (passes + 1) * total - left);
    report(done, PASSES * total);
    return (rows) => {
      done = Math.min(PASSES * total, done + rows);
      report(done, PASSES * total);
    };
  }

  #run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#database.run({ kind: 'system' }, work);
  }
}

function phaseAfter({ phase, version, next }: IndexState): IndexState {
  switch (phase) {
    case 'filling':
      return { phase: 'switching', version, next };
    case 'switching':
      return { phase: 'clearing', version, next };
    case 'clearing':
    case 'steady':
      return { phase: 'steady', version: next ?? version, next: null };
  }
}
