import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { Failure } from '../../kernel/errors.js';
import { entering } from './enter-scope.js';
import type { Scope } from './scope.js';
import { UnitOfWork } from './unit-of-work.js';

/** Prepared once by each connection, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const BEGIN: Statement = { name: 'begin', text: 'START TRANSACTION' };
const BEGIN_TO_READ: Statement = { name: 'begin-to-read', text: 'START TRANSACTION READ ONLY' };
const COMMIT: Statement = { name: 'commit', text: 'COMMIT' };

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
    return this.#transaction(work, scope);
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

  async #transaction<T>(work: (manager: EntityManager) => Promise<T>, scope?: Scope): Promise<T> {
    const afterwards: (() => Promise<void>)[] = [];
    const result = await this.#connected(async (runner, connection) => {
      this.#afterCommit.set(runner.manager, afterwards);
      // To persist an entity begins a transaction unless there is one, and the library knows of those only that it begins.
      Object.assign(runner, { isTransactionActive: true });
      return withinTransaction(connection, scope, () => work(runner.manager));
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
  ask<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]> {
    return this.#connected(
      async (_, connection) => (await connection.query<Row>({ ...statement, values: [...values] })).rows,
    );
  }

  /**
   * Asks for rows in their scope, in one round trip: a transaction of one statement that reads.
   * @throws Failure `service_unavailable` when no connection is to be had
   */
  read<Row extends object>(
    scope: Scope,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    const unit = this.#units.getStore();
    if (unit !== undefined && !unit.hasEnded)
      return unit.run(scope, (manager) => manager.query<Row[]>(statement.text, [...values]));
    return this.#connected(async (_, connection) => {
      const answers = [
        connection.query(BEGIN_TO_READ),
        connection.query(entering(scope)),
        connection.query<Row>({ ...statement, values: [...values] }),
        connection.query(COMMIT),
      ] as const;
      await Promise.allSettled(answers);
      const [, , { rows }] = await Promise.all(answers);
      return rows;
    });
  }

  async #connected<T>(work: (runner: QueryRunner, connection: pg.ClientBase) => Promise<T>): Promise<T> {
    const runner = this.#source.createQueryRunner();
    try {
      const connection: unknown = await runner.connect().catch(noConnection);
      if (!(connection instanceof pg.Client)) throw new TypeError('The database is PostgreSQL.');
      return await work(runner, connection);
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

/** All are busy, or the server is gone. */
function noConnection(cause: unknown): never {
  throw new Failure('service_unavailable', { headers: { 'retry-after': '2' }, cause });
}

/**
 * The beginning goes out with the first statement of the work, in one packet: nothing can be wrong with it but the
 * connection, and whatever follows on a connection that is gone fails too.
 */
async function withinTransaction<T>(
  connection: pg.ClientBase,
  scope: Scope | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const begun = Promise.all([
    connection.query(BEGIN),
    ...(scope === undefined ? [] : [connection.query(entering(scope))]),
  ]).then(() => undefined, noConnection);
  begun.catch(() => undefined);
  try {
    const result = await work();
    await begun;
    await connection.query(COMMIT);
    return result;
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    await begun;
    throw error;
  }
}
