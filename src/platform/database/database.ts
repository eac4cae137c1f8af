import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { Settings } from '../config/settings.js';
import { commit } from './commit.js';
import { entering } from './enter-scope.js';
import { noConnection, Outage, refuseDriver, refuseWork } from './outage.js';
import type { Scope } from './scope.js';
import { UnitOfWork } from './unit-of-work.js';

/** Prepared once by each connection, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What the driver takes besides what its types say. */
interface TimedQuery extends pg.QueryConfig {
  /** In milliseconds. */
  readonly query_timeout: number;
}

const BEGIN: Statement = { name: 'begin', text: 'START TRANSACTION' };
const BEGIN_TO_READ: Statement = { name: 'begin-to-read', text: 'START TRANSACTION READ ONLY' };

/** The one way to business data: a transaction as role `sceau_app` that says on whose behalf it runs. */
@Injectable()
export class Database {
  readonly #source: DataSource;
  /** How long a statement may take that many requests may be waiting for. */
  readonly #timeoutMs: number;
  /** What each open transaction has asked for once it is committed. */
  readonly #afterCommit = new WeakMap<EntityManager, (() => Promise<void>)[]>();
  readonly #units = new AsyncLocalStorage<UnitOfWork>();

  constructor(source: DataSource, settings: Settings) {
    this.#source = source;
    this.#timeoutMs = settings.database.timeoutMs;
  }

  /**
   * Runs `work` in one transaction under row-level security.
   * Committed when `work` resolves, rolled back when it rejects; within `asOne`, together with the rest.
   * @throws Outage; Error when a statement has failed and `work` made light of it
   */
  run<T>(scope: Scope, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const unit = this.#units.getStore();
    if (unit !== undefined && !unit.hasEnded) return unit.run(scope, work);
    return this.#transaction(work, scope);
  }

  /**
   * Makes one transaction of whatever `work` runs, here or in the services that it calls: all of it is committed when
   * `work` resolves, and nothing when it rejects or any part of it has.
   * @throws Outage; Error when a part has failed and `work` made light of it
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
   * @throws Outage, also when there is no answer in time (`settings.database.timeoutMs`)
   */
  ask<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]> {
    return this.#connected(async (_, connection) => {
      const { rows } = await connection.query<Row>(this.#timed(statement, values)).catch(refuseDriver);
      return rows;
    });
  }

  /**
   * Asks for rows in their scope, in one round trip: a transaction of one statement that reads.
   * @throws Outage, also when there is no answer in time (`settings.database.timeoutMs`)
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
        connection.query<Row>(this.#timed(statement, values)),
        commit(connection),
      ] as const;
      await Promise.allSettled(answers);
      const { rows } = await answers[2].catch(refuseDriver);
      await Promise.all(answers).catch(refuseDriver);
      return rows;
    });
  }

  /** The driver closes the connection of a statement that is not answered in time, upon which the server gives it up. */
  #timed(statement: Statement, values: readonly unknown[]): TimedQuery {
    return { ...statement, values: [...values], query_timeout: this.#timeoutMs };
  }

  async #connected<T>(work: (runner: QueryRunner, connection: pg.ClientBase) => Promise<T>): Promise<T> {
    const runner = this.#source.createQueryRunner();
    try {
      const connection: unknown = await runner.connect().catch(noConnection);
      if (!(connection instanceof pg.Client)) throw new TypeError('The database is PostgreSQL.');
      return await work(runner, connection).catch((error: unknown) => {
        // Nobody else is given a connection that is of no use.
        if (error instanceof Outage) connection.end().catch(() => undefined);
        throw error;
      });
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
    await commit(connection);
    return result;
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    await begun;
    return refuseWork(error);
  }
}
