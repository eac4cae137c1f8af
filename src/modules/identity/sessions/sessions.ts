import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { PersonActor, RequestContext, SessionLimit } from '../../../kernel/context.js';
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
import { ROLE, type Role, SESSION_ORIGIN } from '../persistence/places.js';
import type { SessionEntity, Transport } from '../persistence/session.entity.js';
import { Recoveries } from '../recovery/recoveries.js';
import { type Checked, type CheckedSession, SessionCheck } from './session-check.js';
import { withFloor } from './session-floors.js';
import { absoluteEnd, isOver, oldestBegin } from './session-lifetime.js';
import { originOf, type SessionOrigin } from './session-origin.js';
import { SessionRows } from './session-rows.js';

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
  readonly origin: SessionOrigin;
}

type Person = RequestContext<PersonActor>;

/** Opaque sessions: a hash in the database, looked up on every request, dead the moment they are ended. */
@Injectable()
export class Sessions {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #rows: SessionRows;
  readonly #check: SessionCheck;
  readonly #recoveries: Recoveries;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #settings: Settings;

  constructor(
    database: Database,
    sealer: Sealer,
    accounts: Accounts,
    rows: SessionRows,
    check: SessionCheck,
    recoveries: Recoveries,
    ledger: Ledger,
    clock: Clock,
    randomness: Randomness,
    settings: Settings,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#rows = rows;
    this.#check = check;
    this.#recoveries = recoveries;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#randomness = randomness;
    this.#settings = settings;
  }

  /**
   * Opens a session in the transaction of the sign-in, and records it there.
   * @param account as it is under its lock, which the transaction holds
   */
  async open(
    manager: EntityManager,
    context: RequestContext,
    account: AccountEntity,
    transport: Transport,
    limitedTo: SessionLimit | null = null,
  ): Promise<NewSession> {
    const now = this.#clock.now();
    const token = newToken(this.#randomness);
    const id = newId<'session'>(now.getTime());
    const own = { subject: account.id, row: id };
    await this.#rows.insert(manager, {
      id,
      origin: await this.#sealer.seal(SESSION_ORIGIN, own, originOf(context)),
      accountId: account.id,
      tokenHash: hashToken(token),
      transport,
      createdAt: now,
      lastSeenAt: now,
      secondFactorAt: now,
      limitedTo,
      credentialEpoch: account.credentialEpoch,
      revision: 1,
    });
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, { action: 'session.created', context, resource: id, subjects });
    await this.#stopRecovery(manager, context, account);
    return { id, token, transport, expiresAt: absoluteEnd(now, this.#settings.sessions) };
  }

  /** @returns whom a token belongs to, or `undefined` when it opens nothing (any more) */
  async recognise(
    context: RequestContext,
    token: string,
  ): Promise<{ actor: PersonActor; transport: Transport } | undefined> {
    const now = this.#clock.now();
    const tokenHash = hashToken(token);
    let found = await this.#check.find(tokenHash);
    if (found.kind === 'unsure') found = await this.#lookProperly(context, tokenHash);
    if (found.kind !== 'standing' || isOver(found.session, now, this.#settings.sessions)) return undefined;
    const { session, role } = found;
    if (now.getTime() - session.lastSeenAt.getTime() >= SEEN_EVERY_MS) await this.#check.seen(session, now);
    return { actor: actorOf(session, role), transport: session.transport };
  }

  async list(context: Person): Promise<readonly SessionSummary[]> {
    const { accountId, sessionId } = context.actor;
    const now = this.#clock.now();
    const sessions = await this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#accounts.find(context, manager, { id: accountId });
      return account === null ? [] : this.#rows.of(manager, account);
    });
    const open = sessions.filter((session) => !isOver(session, now, this.#settings.sessions));
    return Promise.all(
      open.map(async ({ id, transport, createdAt, lastSeenAt, origin: sealed }) => {
        const own = { subject: accountId, row: id };
        const origin = await this.#sealer.openOperational(SESSION_ORIGIN, own, sealed);
        return { id, transport, createdAt, lastSeenAt, current: id === sessionId, origin };
      }),
    );
  }

  /**
   * A fresh second factor was given: the session gets a new token, and the old one opens nothing, wherever its row
   * may come from. Of several requests with one token, one succeeds.
   * @throws Failure `unauthenticated` when the session is over or has another token already
   */
  async rotate(manager: EntityManager, context: Person, { id }: AccountEntity): Promise<NewSession> {
    const { sessionId, sessionRevision } = context.actor;
    const now = this.#clock.now();
    const token = newToken(this.#randomness);
    const revision = sessionRevision + 1;
    let old: SessionEntity | undefined;
    const account = await this.#accounts.change(context, manager, id, async (present) => {
      const open = await this.#rows.of(manager, present);
      old = open.find((session) => session.id === sessionId && session.revision === sessionRevision);
      const since = oldestBegin(now, this.#settings.sessions);
      return old && withFloor(present, sessionId, revision, since);
    });
    if (account === null || old === undefined) throw new Failure('unauthenticated');
    const { credentialEpoch } = account;
    const fresh = { tokenHash: hashToken(token), secondFactorAt: now, lastSeenAt: now };
    const isDone = await this.#rows.replace(manager, old, { ...old, ...fresh, revision, credentialEpoch });
    if (!isDone) throw new Failure('unauthenticated');
    await this.#rows.deleteOld(manager, account);
    const expiresAt = absoluteEnd(old.createdAt, this.#settings.sessions);
    return { id: sessionId, token, transport: old.transport, expiresAt };
  }

  /** Whoever can sign in has not lost everything: what somebody else may have asked for ends. */
  async #stopRecovery(
    manager: EntityManager,
    context: RequestContext,
    account: AccountEntity,
  ): Promise<void> {
    const open = await this.#recoveries.of(context, manager, account);
    if (open === null) return;
    await this.#recoveries.remove(manager, open);
    const subjects = await subjectOf(this.#sealer, account);
    const entry = { action: 'recovery.stopped', context, resource: account.id, subjects } as const;
    await this.#ledger.stage(manager, entry);
  }

  /** What is not plainly a session may be one, or somebody may have to be alerted. */
  async #lookProperly(context: RequestContext, tokenHash: Buffer): Promise<Checked> {
    const found = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#rows.find(context, manager, { tokenHash }),
    );
    if (found === undefined) return { kind: 'none' };
    const { id, role: sealed } = found.account;
    const role = await this.#sealer.openOperational(ROLE, { subject: id, row: id }, sealed);
    return { kind: 'standing', session: found.session, role };
  }
}

function actorOf(session: CheckedSession, role: Role): PersonActor {
  const person = {
    accountId: session.accountId,
    sessionId: session.id,
    sessionRevision: session.revision,
    limitedTo: session.limitedTo,
    secondFactorAt: session.secondFactorAt,
  };
  return role === 'candidate'
    ? { kind: role, candidateId: candidateOf(session.accountId), ...person }
    : { kind: role, ...person };
}
