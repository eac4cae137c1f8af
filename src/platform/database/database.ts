import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Failure } from '../../kernel/errors.js';
import { enterScope } from './enter-scope.js';
import type { Scope } from './scope.js';
import { UnitOfWork } from './unit-of-work.js';

/** The one way to business data: a transaction as role `sceau_app` that says on whose behalf it runs. */
@Injectable()
export class Database {
  readonly #source: DataSource;
  /** What each open transaction has asked for once it is committed. */
  readonly #afterCommit = new WeakMap<EntityManager, (() => Promise<void>)[]>();
  readonly #units = new AsyncLocalStorage<UnitOfWork>();

  constructor(source: DataSource) {
    this.#source = source;
  }

  /**
   * Runs `work` in one transaction under row-level security.
   * Committed when `work` resolves, rolled back when it rejects; within `asOne`, together with the rest.
   * @throws Failure `service_unavailable` when no connection is to be had
   */
  run<T>(scope: Scope, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const unit = this.#units.getStore();
    if (unit !== undefined && !unit.hasEnded) return unit.run(scope, work);
    return this.#transaction(async (manager) => {
      await enterScope(manager, scope);
      return work(manager);
    });
  }

  /**
   * Makes one transaction of whatever `work` runs, here or in the services that it calls: all of it is committed when
   * `work` resolves, and nothing when it rejects or any part of it has.
   * @throws Failure `service_unavailable` when no connection is to be had
   */
  asOne<T>(work: () => Promise<T>): Promise<T> {
    return this.#transaction((manager) => {
      const unit = new UnitOfWork(manager);
      return this.#units.run(unit, () => unit.within(work));
    });
  }

  async #transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const afterwards: (() => Promise<void>)[] = [];
    let isBegun = false;
    const transaction = this.#source.transaction((manager) => {
      isBegun = true;
      this.#afterCommit.set(manager, afterwards);
      return work(manager);
    });
    const result = await transaction.catch((cause: unknown) => {
      if (isBegun) throw cause;
      // No connection was to be had: all are busy, or the server is gone.
      throw new Failure('service_unavailable', { headers: { 'retry-after': '2' }, cause });
    });
    // What was committed stays committed, whatever becomes of this.
    await Promise.allSettled(afterwards.map((step) => step()));
    return result;
  }

  /**
   * Sends one statement, committed when it is done: a call of a function that enters its own scope, since no row is
   * seen outside of any. For what every request asks, where a transaction would cost more than the question.
   * @throws Failure `service_unavailable` when no connection is to be had
   */
  async ask<Row extends object>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const runner = this.#source.createQueryRunner();
    try {
      await runner.connect().catch((cause: unknown) => {
        throw new Failure('service_unavailable', { headers: { 'retry-after': '2' }, cause });
      });
      return await runner.manager.query<Row[]>(text, [...values]);
    } finally {
      await runner.release();
    }
  }

  /**
   * Has something done as soon as the transaction is committed, before `run` resolves. It may fail, or never come
   * when the process dies, so nothing may depend on it.
   */
  afterCommit(manager: EntityManager, step: () => Promise<void>): void {
    const steps = this.#afterCommit.get(manager);
    if (steps === undefined) throw new Error('Only a transaction of ours is ever committed.');
    steps.push(step);
  }
}
