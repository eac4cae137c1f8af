import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';
import { enterScope } from './enter-scope.js';
import type { Scope } from './scope.js';

type Work<T> = (manager: EntityManager) => Promise<T>;

/**
 * One transaction for everything that is run while `within` lasts, each piece in its own scope and one after the
 * other. There are no savepoints: once a piece has failed, nothing of the unit is committed.
 */
export class UnitOfWork {
  readonly #manager: EntityManager;
  #last: Promise<unknown> = Promise.resolve();
  /** Of the piece that is being done, which another one may be part of. */
  readonly #around = new AsyncLocalStorage<Scope>();
  #state: 'open' | 'broken' | 'ended' = 'open';

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  /** What outlives the unit, such as a timer that was first set within, has transactions of its own again. */
  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  /** @throws what `work` does; Error when a piece has failed and `work` made light of it */
  async within<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.#last;
      if (this.#state === 'broken') throw new Error('A part of the transaction has failed.');
      return result;
    } finally {
      this.#state = 'ended';
      // A piece that nobody has waited for must not outlive its connection.
      await this.#last;
    }
  }

  run<T>(scope: Scope, work: Work<T>): Promise<T> {
    const around = this.#around.getStore();
    if (around !== undefined) return this.#inside(around, scope, work);
    const piece = this.#last.then(() => this.#around.run(scope, () => this.#do(scope, work)));
    this.#last = piece.catch(() => undefined);
    return piece;
  }

  async #inside<T>(around: Scope, scope: Scope, work: Work<T>): Promise<T> {
    const result = await this.#do(scope, work);
    await enterScope(this.#manager, around);
    return result;
  }

  async #do<T>(scope: Scope, work: Work<T>): Promise<T> {
    if (this.#state !== 'open') throw new Error('Nothing can be added to this transaction any more.');
    try {
      await enterScope(this.#manager, scope);
      return await work(this.#manager);
    } catch (error) {
      this.#state = 'broken';
      throw error;
    }
  }
}
