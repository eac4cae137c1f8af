import type { AccountId } from '../../../src/kernel/ids.js';
import { parseId } from '../../../src/kernel/ids.js';
import { RecoveryApproval, type RecoveryId, RecoveryProgress } from '../../../src/modules/identity/index.js';
import { Authenticator } from '../../../tools/client/authenticator.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { record, systemContext } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import type { Sceau } from '../../support/sceau.js';

const TOKEN = /^[\w-]{43}$/m;
export const NEW_PASSWORD = 'sept hiboux gris sur la branche';

export interface AskedRecovery {
  readonly id: RecoveryId;
  readonly account: AccountId;
  /** From the first mail. */
  readonly stop: string;
}

/** A recovery as its owner, an operator and the hours go through it. */
export class RecoveryWay {
  readonly #sceau: Sceau;

  constructor(sceau: Sceau) {
    this.#sceau = sceau;
  }

  async post(path: string, body: object) {
    const answer = await new PersonClient(this.#sceau.url).request(path, { body });
    return { status: answer.status, body: record(answer.body ?? {}) };
  }

  /** Until the worker has looked into it. */
  async ask(email: string) {
    const answer = await this.post('/v1/recoveries', { email });
    await eventually('the worker', async () => {
      const waiting = await this.#sceau.database.query('SELECT 1 FROM identity.request');
      return waiting.length === 0 ? true : undefined;
    });
    return answer;
  }

  /** Of a known address. */
  async asked(email: string): Promise<AskedRecovery> {
    await this.ask(email);
    return eventually('the mail about a recovery', async () => {
      const { text } = await this.#sceau.mailTo(email, /demandée$/);
      const id = parseId<RecoveryId>(/référence\s: ([\da-f-]{36})$/m.exec(text)?.[1] ?? '');
      const rows = await this.#sceau.database.query<{ account: string }>(
        'SELECT account_id::text AS account FROM identity.recovery WHERE id = $1',
        [id],
      );
      const account = parseId<AccountId>(rows[0]?.account ?? '');
      if (id === undefined || account === undefined) return undefined;
      return { id, account, stop: TOKEN.exec(text)?.[0] ?? '' };
    });
  }

  approve({ id }: AskedRecovery): Promise<Date> {
    return this.#sceau.app.get(RecoveryApproval, { strict: false }).approve(systemContext(), id);
  }

  refuse({ id }: AskedRecovery): Promise<void> {
    return this.#sceau.app.get(RecoveryApproval, { strict: false }).refuse(systemContext(), id);
  }

  /** What the hourly job does. */
  async hourly(hours: number): Promise<void> {
    this.#sceau.clock.advance({ hours });
    await this.#sceau.worker.get(RecoveryProgress, { strict: false }).run();
  }

  async token(email: string, subject: RegExp): Promise<string> {
    return TOKEN.exec((await this.#sceau.mailTo(email, subject)).text)?.[0] ?? '';
  }

  /** @returns the token that completes it */
  async ready(email: string): Promise<string> {
    await this.approve(await this.asked(email));
    await this.hourly(73);
    return this.token(email, /^Retrouvez/);
  }

  stop(token: string) {
    return this.post('/v1/recoveries/stop', { token });
  }

  complete(token: string, password = NEW_PASSWORD) {
    return this.post('/v1/recoveries/complete', { token, password });
  }

  /** A new authenticator by the ticket. */
  async enrol(ticket: unknown) {
    const offer = await this.post('/v1/totp/enrolments', { ticket });
    const authenticator = new Authenticator(String(offer.body['secret']));
    const code = await authenticator.code(this.#sceau.clock.now().getTime() - 30_000);
    const active = await this.post('/v1/totp/enrolments/confirm', { ticket, code, transport: 'token' });
    return { authenticator, status: active.status, body: active.body };
  }

  async count(table: 'recovery' | 'passkey' | 'session', account: AccountId): Promise<number> {
    return (
      await this.#sceau.database.query(`SELECT 1 FROM identity.${table} WHERE account_id = $1`, [account])
    ).length;
  }

  /** Whether a token that completes it is out. */
  async isReady(account: AccountId): Promise<boolean> {
    const sql = "SELECT 1 FROM identity.ticket WHERE purpose = 'recovery' AND account_id = $1";
    return (await this.#sceau.database.query(sql, [account])).length > 0;
  }

  /** Recoveries' entries about an account, oldest first. */
  async recorded(account: AccountId): Promise<readonly string[]> {
    const rows = await this.#sceau.database.query<{ id: string; action: string }>(
      `SELECT e->>'id' AS id, e->>'action' AS action FROM (
         SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.staging
         UNION SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.leaf) AS t (e)
       WHERE e->'resource'->>'id' = $1 AND e->>'action' LIKE 'recovery.%'`,
      [account],
    );
    return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ action }) => action);
  }
}
