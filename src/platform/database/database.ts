import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Failure } from '../../kernel/errors.js';
import { enterScope } from './enter-scope.js';
import type { Scope } from './scope.js';

/** The one way to business data: a transaction as role `sceau_app` that says on whose behalf it runs. */
@Injectable()
export class Database {
  readonly #source: DataSource;
  /** What each open transaction has asked for once it is committed. */
  readonly #afterCommit = new WeakMap<EntityManager, (() => Promise<void>)[]>();

  constructor(source: DataSource) {
    this.#source = source;
  }

  /**
   * Runs `work` in one transaction under row-level security.
   * Committed when `work` resolves, rolled back when it rejects.
   * @throws Failure `service_unavailable` when no connection is to be had
   */
  async run<T>(scope: Scope, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const afterwards: (() => Promise<void>)[] = [];
    let isBegun = false;
    const transaction = this.#source.transaction(async (manager) => {
      isBegun = true;
      this.#afterCommit.set(manager, afterwards);
      await enterScope(manager, scope);
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
