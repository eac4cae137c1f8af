import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { Canaries } from '../../../disclosure/index.js';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { systemCode } from '../../../kernel/errors.js';
import { type AccountId, type Id, newId, parseId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { INSTALLATION, Sealer, SubjectKeys } from '../../../sealing/index.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { type AskedRegistration, EMAIL, PASSWORD_HASH, REGISTRATION, ROLE } from '../persistence/places.js';
import { RegistrationRequestEntity } from '../persistence/registration-request.entity.js';
import { subjectOf } from './account-subject.js';
import { Accounts } from './accounts.js';
import { MailAllowance } from './mail-allowance.js';
import { PendingPasswords } from './pending-passwords.js';
import { Tickets } from './tickets.js';

const UNIQUE_VIOLATION = '23505';
/** At once, by one worker. */
const CONCURRENCY = 4;

/**
 * The worker's half of signing up: looks whether the address is known, makes the account, mails the link. What comes of
 * it shows in the mail alone, which only the owner of the address reads.
 */
@Injectable()
export class Admission {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #keys: SubjectKeys;
  readonly #accounts: Accounts;
  readonly #tickets: Tickets;
  readonly #pending: PendingPasswords;
  readonly #notices: Notices;
  readonly #allowance: MailAllowance;
  readonly #ledger: Ledger;
  readonly #jobs: Jobs;
  readonly #canaries: Canaries;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    sealer: Sealer,
    keys: SubjectKeys,
    accounts: Accounts,
    tickets: Tickets,
    pending: PendingPasswords,
    notices: Notices,
    allowance: MailAllowance,
    ledger: Ledger,
    jobs: Jobs,
    canaries: Canaries,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#keys = keys;
    this.#accounts = accounts;
    this.#tickets = tickets;
    this.#pending = pending;
    this.#notices = notices;
    this.#allowance = allowance;
    this.#ledger = ledger;
    this.#jobs = jobs;
    this.#canaries = canaries;
    this.#clock = clock;
    this.#settings = settings;
  }

  async start(): Promise<void> {
    await this.#jobs.work(
      'registration',
      ({ registrationId }) => this.#lookInto(registrationId),
      CONCURRENCY,
    );
  }

  async #lookInto(registrationId: string): Promise<void> {
    const id = parseId<Id<'registration'>>(registrationId);
    if (id === undefined) return;
    const request = await this.#database.run({ kind: 'system' }, async (manager) => {
      const requests = manager.getRepository(RegistrationRequestEntity);
      await requests.delete({ expiresAt: LessThanOrEqual(this.#clock.now()) });
      return requests.findOneBy({ id });
    });
    // Dealt with before, or too old.
    if (request === null) return;
    const position = { subject: INSTALLATION, row: id };
    const asked = await this.#sealer.openOperational(REGISTRATION, position, request.content);
    // The same address at the same moment by another worker: the second time it is known.
    if ((await this.#admitted(id, asked)) || (await this.#admitted(id, asked))) return;
    await this.#giveUp(id, asked);
  }

  /** @returns false when the address has a row that was not found by it */
  async #admitted(id: Id<'registration'>, asked: AskedRegistration): Promise<boolean> {
    try {
      await this.#admit(id, asked);
      return true;
    } catch (error) {
      if (systemCode(error) === UNIQUE_VIOLATION) return false;
      throw error;
    }
  }

  /** The address belongs to an account that does not stand, which was alerted: no other try would find it. */
  async #giveUp(id: Id<'registration'>, asked: AskedRegistration): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      await manager.getRepository(RegistrationRequestEntity).delete({ id });
      const refusal = { outcome: 'refused', reason: 'address_taken' } as const;
      await this.#ledger.stage(manager, {
        action: 'account.registered',
        context: contextOf(asked),
        ...refusal,
      });
    });
  }

  /** @throws Failure `too_many_requests` for too many mails to all addresses: nothing is lost, the job comes back later */
  async #admit(id: Id<'registration'>, asked: AskedRegistration): Promise<void> {
    const context = contextOf(asked);
    await this.#allowance.all();
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const { affected } = await manager.getRepository(RegistrationRequestEntity).delete({ id });
      // Another worker has had the same job.
      if (affected !== 1) return;
      const known = await this.#accounts.findByAddress(context, manager, asked.email);
      const isComingIn = known === null || (await this.#isComingIn(known));
      const account = known ?? (await this.#create(manager, asked));
      // Last of what can fail, so that a job which is done again does not count again.
      const mayMail = await this.#allowance.to(asked.email, asked.address);
      if (mayMail && isComingIn) await this.#mailLink(manager, account, asked);
      else if (mayMail) await this.#sayKnown(manager, account);
      const subjects = await subjectOf(this.#sealer, account);
      const entry = { action: 'account.registered', context, resource: account.id, subjects } as const;
      const refused = { outcome: 'refused', reason: 'too_many_mails' } as const;
      await this.#ledger.stage(manager, { ...entry, ...(mayMail ? {} : refused) });
    });
  }

  /** A candidate who has not got as far as an authenticator may always begin again. Staff come in by invitation. */
  async #isComingIn({ id, role, status }: AccountEntity): Promise<boolean> {
    if (status !== 'unconfirmed' && status !== 'enrolling') return false;
    return (await this.#sealer.openOperational(ROLE, { subject: id, row: id }, role)) === 'candidate';
  }

  async #mailLink(
    manager: EntityManager,
    account: AccountEntity,
    { passwordHash }: AskedRegistration,
  ): Promise<void> {
    const token = await this.#tickets.issue(manager, account.id, 'confirmation');
    await this.#pending.keep(manager, account.id, token, passwordHash);
    // In the fragment, which no server and no log ever sees.
    const link = `${this.#settings.frontEndUrl}#confirm=${token}`;
    await this.#notices.send(manager, account, { kind: 'confirm_address', link, token });
  }

  async #sayKnown(manager: EntityManager, account: AccountEntity): Promise<void> {
    const kind = account.status === 'invited' ? 'address_invited' : 'address_known';
    await this.#notices.send(manager, account, { kind });
  }

  async #create(
    manager: EntityManager,
    { email, passwordHash, locale, isCanary }: AskedRegistration,
  ): Promise<AccountEntity> {
    const now = this.#clock.now();
    const at = now.getTime();
    const id: AccountId = isCanary ? await this.#canaries.newId(at) : newId<'account'>(at);
    await this.#keys.create(id);
    const own = { subject: id, row: id };
    return this.#accounts.insert(manager, email, {
      id,
      status: 'unconfirmed',
      email: await this.#sealer.seal(EMAIL, own, email),
      role: await this.#sealer.seal(ROLE, own, 'candidate'),
      // No account counts before it is confirmed, and then the confirmed link's password takes this one's place.
      passwordHash: await this.#sealer.seal(PASSWORD_HASH, own, passwordHash),
      totpSecret: null,
      totpStep: '0',
      recoveryCodes: null,
      locale,
      createdAt: now,
    });
  }
}

/** Of whoever asked. */
const contextOf = ({ requestId, locale, address }: AskedRegistration): RequestContext => ({
  requestId,
  actor: { kind: 'anonymous' },
  locale,
  address,
});
