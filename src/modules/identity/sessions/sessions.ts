import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId, type SessionId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { candidateOf, subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { hashToken, newToken } from '../opaque-token.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { ROLE } from '../persistence/places.js';
import { SessionEntity, type Transport } from '../persistence/session.entity.js';

/** How exact "last seen" is; writing it on every request would cost more than it tells. */
const SEEN_EVERY_MS = 60_000;

export interface NewSession {
  readonly id: SessionId;
  /** The only time it is seen. */
  readonly token: string;
  readonly transport: Transport;
  readonly expiresAt: Date;
}

export interface SessionSummary {
  readonly id: SessionId;
  readonly transport: Transport;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly current: boolean;
}

type Person = RequestContext<PersonActor>;

/** Opaque sessions: a hash in the database, looked up on every request, dead the moment they are ended. */
@Injectable()
export class Sessions {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #settings: Settings;

  constructor(
    database: Database,
    sealer: Sealer,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    randomness: Randomness,
    settings: Settings,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#randomness = randomness;
    this.#settings = settings;
  }

  /** Opens a session in the transaction of the sign-in, and records it there. */
  async open(
    manager: EntityManager,
    context: RequestContext,
    account: AccountEntity,
    transport: Transport,
  ): Promise<NewSession> {
    const now = this.#clock.now();
    const token = newToken(this.#randomness);
    const id = newId<'session'>(now.getTime());
    await manager.getRepository(SessionEntity).insert({
      id,
      accountId: account.id,
      tokenHash: hashToken(token),
      transport,
      createdAt: now,
      lastSeenAt: now,
      secondFactorAt: now,
      endedAt: null,
    });
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, { action: 'session.created', context, resource: id, subjects });
    return { id, token, transport, expiresAt: this.#absoluteEnd(now) };
  }

  /** @returns whom a token belongs to, or `undefined` when it opens nothing (any more) */
  async recognise(
    context: RequestContext,
    token: string,
  ): Promise<{ actor: PersonActor; transport: Transport } | undefined> {
    const now = this.#clock.now();
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const sessions = manager.getRepository(SessionEntity);
      const session = await sessions.findOneBy({ tokenHash: hashToken(token), endedAt: IsNull() });
      if (session === null || this.#isOver(session, now)) return undefined;
      const account = await this.#accounts.find(context, manager, {
        id: session.accountId,
        status: 'active',
      });
      if (account === null) return undefined;
      if (now.getTime() - session.lastSeenAt.getTime() >= SEEN_EVERY_MS) {
        await sessions.update({ id: session.id }, { lastSeenAt: now });
      }
      return { actor: await this.#actor(account, session), transport: session.transport };
    });
  }

  async list({ actor }: Person): Promise<readonly SessionSummary[]> {
    const now = this.#clock.now();
    const sessions = await this.#database.run({ kind: 'identity' }, (manager) =>
      manager
        .getRepository(SessionEntity)
        .find({ where: { accountId: actor.accountId, endedAt: IsNull() }, order: { createdAt: 'DESC' } }),
    );
    return sessions
      .filter((session) => !this.#isOver(session, now))
      .map(({ id, transport, createdAt, lastSeenAt }) => ({
        id,
        transport,
        createdAt,
        lastSeenAt,
        current: id === actor.sessionId,
      }));
  }

  /** @throws Failure `not_found` for a session that is not one's own or has ended */
  async end(context: Person, id: SessionId): Promise<void> {
    const ended = await this.#endWhere(context, { id });
    if (ended === 0) throw new Failure('not_found');
  }

  async endAll(context: Person): Promise<void> {
    await this.#endWhere(context, {});
  }

  /** A fresh second factor was given: the session gets a new token, and the old one opens nothing. */
  async rotate(manager: EntityManager, { actor }: Person, account: AccountEntity): Promise<NewSession> {
    const now = this.#clock.now();
    const token = newToken(this.#randomness);
    const own = { id: actor.sessionId, accountId: account.id, endedAt: IsNull() };
    const sessions = manager.getRepository(SessionEntity);
    const session = await sessions.findOneBy(own);
    if (session === null) throw new Failure('unauthenticated');
    await sessions.update(own, { tokenHash: hashToken(token), secondFactorAt: now, lastSeenAt: now });
    return {
      id: session.id,
      token,
      transport: session.transport,
      expiresAt: this.#absoluteEnd(session.createdAt),
    };
  }

  #endWhere(context: Person, which: { id?: SessionId }): Promise<number> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const { affected } = await manager
        .getRepository(SessionEntity)
        .update(
          { ...which, accountId: context.actor.accountId, endedAt: IsNull() },
          { endedAt: this.#clock.now() },
        );
      const count = affected ?? 0;
      const resource = which.id === undefined ? {} : { resource: which.id };
      if (count > 0)
        await this.#ledger.stage(manager, { action: 'session.ended', context, count, ...resource });
      return count;
    });
  }

  async #actor(account: AccountEntity, session: SessionEntity): Promise<PersonActor> {
    const role = await this.#sealer.openOperational(
      ROLE,
      { subject: account.id, row: account.id },
      account.role,
    );
    const person = { accountId: account.id, sessionId: session.id, secondFactorAt: session.secondFactorAt };
    return role === 'candidate'
      ? { kind: role, candidateId: candidateOf(account.id), ...person }
      : { kind: role, ...person };
  }

  #absoluteEnd(createdAt: Date): Date {
    return new Date(createdAt.getTime() + this.#settings.sessions.absoluteHours * 3_600_000);
  }

  #isOver(session: SessionEntity, now: Date): boolean {
    const idleEnd = session.lastSeenAt.getTime() + this.#settings.sessions.idleMinutes * 60_000;
    return now.getTime() >= idleEnd || now >= this.#absoluteEnd(session.createdAt);
  }
}
