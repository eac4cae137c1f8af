import { Injectable } from '@nestjs/common';
import { RowMacs, Sealer, unlessUnreadable } from '../../../sealing/index.js';
import { StandingRecords } from '../../security-records/index.js';
import { ACCOUNT_RECORD } from '../accounts/account-record.js';
import { ACCOUNT_COLUMNS } from '../persistence/account-columns.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { IdentityStatements } from '../persistence/identity-statements.js';
import { ROLE, type Role } from '../persistence/places.js';
import type { SessionEntity } from '../persistence/session.entity.js';
import { isCurrent } from './session-floors.js';
import { sessionRecord } from './session-record.js';

/** What a request needs to know of its session. */
export type CheckedSession = Omit<SessionEntity, 'origin' | 'mac'>;

export type Checked =
  | { readonly kind: 'none' }
  | { readonly kind: 'standing'; readonly session: CheckedSession; readonly role: Role }
  /** There is a row, and something about it is not as it is with nearly all: it is to be looked at properly. */
  | { readonly kind: 'unsure' };

type Row = AccountEntity & {
  readonly sessionId: SessionEntity['id'];
  readonly tokenHash: Buffer;
  readonly transport: SessionEntity['transport'];
  readonly begun: Date;
  readonly lastSeenAt: Date;
  readonly secondFactorAt: Date;
  readonly limitedTo: SessionEntity['limitedTo'];
  readonly sessionEpoch: number;
  readonly sessionRevision: number;
  readonly sessionMac: Buffer;
};

const FIND = {
  name: 'session-check',
  text: `SELECT session.id AS "sessionId", session.token_hash AS "tokenHash", session.transport,
                session.created_at AS begun, session.last_seen_at AS "lastSeenAt",
                session.second_factor_at AS "secondFactorAt", session.limited_to AS "limitedTo",
                session.credential_epoch AS "sessionEpoch", session.revision AS "sessionRevision",
                session.mac AS "sessionMac", ${ACCOUNT_COLUMNS}
         FROM identity.session JOIN identity.account ON account.id = session.account_id
         WHERE session.token_hash = $1`,
} as const;

const SEEN = {
  name: 'session-seen',
  text: 'UPDATE identity.session SET last_seen_at = $2 WHERE id = $1',
} as const;

/**
 * What every request of a signed-in person asks first: one statement for session and account, which are thus of one
 * moment, and one of the key store for the account's revision. It only ever confirms; whatever is not plainly as it was
 * last written is for `SessionRows` to judge, which knows of changes under way and alerts.
 */
@Injectable()
export class SessionCheck {
  readonly #statements: IdentityStatements;
  readonly #macs: RowMacs;
  readonly #records: StandingRecords;
  readonly #sealer: Sealer;

  constructor(statements: IdentityStatements, macs: RowMacs, records: StandingRecords, sealer: Sealer) {
    this.#statements = statements;
    this.#macs = macs;
    this.#records = records;
    this.#sealer = sealer;
  }

  /** @throws Failure `keys_unavailable`, `service_unavailable` */
  async find(tokenHash: Buffer): Promise<Checked> {
    const [row] = await this.#statements.run<Row>(FIND, [tokenHash]);
    if (row === undefined) return { kind: 'none' };
    const session = sessionOf(row);
    if (row.status !== 'active' || row.totpSecret === null || !isCurrent(row, session))
      return { kind: 'unsure' };
    if (!(await this.#macs.isGenuine(sessionRecord(session), row.sessionMac))) return { kind: 'unsure' };
    if (!(await this.#records.isSettled(ACCOUNT_RECORD, row))) return { kind: 'unsure' };
    const role = await this.#role(row);
    return role === undefined ? { kind: 'unsure' } : { kind: 'standing', session, role };
  }

  async seen({ id }: CheckedSession, now: Date): Promise<void> {
    await this.#statements.run(SEEN, [id, now]);
  }

  /** Undefined where the key is gone, as that of an erased person. */
  #role({ id, role }: AccountEntity): Promise<Role | undefined> {
    return unlessUnreadable(this.#sealer.openOperational(ROLE, { subject: id, row: id }, role));
  }
}

const sessionOf = (row: Row): CheckedSession => ({
  id: row.sessionId,
  accountId: row.id,
  tokenHash: row.tokenHash,
  transport: row.transport,
  createdAt: row.begun,
  lastSeenAt: row.lastSeenAt,
  secondFactorAt: row.secondFactorAt,
  limitedTo: row.limitedTo,
  credentialEpoch: row.sessionEpoch,
  revision: row.sessionRevision,
});
