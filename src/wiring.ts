import { createHmac, type KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ClientSuspension } from './disclosure/index.js';
import type { AgencyActor, RequestContext, SystemActor } from './kernel/context.js';
import { Ledger, OriginHasher } from './ledger/index.js';
import { Clients } from './modules/agencies/index.js';
import { ReadinessChecks } from './platform/health/readiness.js';
import { HttpKeys } from './platform/http/http-keys.js';
import { LimitJournal } from './platform/http/limit-journal.js';
import { IndexKeys, type KeyEvent, KeyJournal, KeyProbe } from './sealing/index.js';

/** The HTTP room's keys, from the key store. There before the first request, so that none makes them in passing. */
@Injectable()
export class SealedHttpKeys extends HttpKeys implements OnModuleInit {
  readonly #keys: IndexKeys;

  constructor(keys: IndexKeys) {
    super();
    this.#keys = keys;
  }

  async onModuleInit(): Promise<void> {
    await Promise.all([this.cursor(), this.origin(), this.idempotency()]);
  }

  override cursor(): Promise<KeyObject> {
    return this.#keys.key('cursor');
  }

  override origin(): Promise<KeyObject> {
    return this.#keys.key('origin');
  }

  override idempotency(): Promise<KeyObject> {
    return this.#keys.key('idempotency');
  }
}

/** Limits that were reached, in the ledger. */
@Injectable()
export class LedgerLimitJournal extends LimitJournal {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    super();
    this.#ledger = ledger;
  }

  override async reached(name: string, context: RequestContext): Promise<void> {
    await this.#ledger.append(
      { action: 'request.turned_away', context, outcome: 'refused', reason: name },
      'staged',
    );
  }
}

/** Whoever has spent their budget is stopped by the product itself, as an operator would. */
@Injectable()
export class SuspensionOfClients extends ClientSuspension {
  readonly #clients: Clients;

  constructor(clients: Clients) {
    super();
    this.#clients = clients;
  }

  override suspend(context: RequestContext<AgencyActor>): Promise<void> {
    const actor: SystemActor = { kind: 'system', name: 'disclosure.budget' };
    return this.#clients.suspend({ ...context, actor }, context.actor.clientId, 'budget_spent');
  }
}

/** The ledger's pseudonyms of network addresses. */
@Injectable()
export class KeyedOrigins extends OriginHasher {
  readonly #keys: IndexKeys;

  constructor(keys: IndexKeys) {
    super();
    this.#keys = keys;
  }

  override async hash(text: string): Promise<string> {
    return createHmac('sha256', await this.#keys.key('origin'))
      .update(text)
      .digest('base64url');
  }
}

/** What is done to keys, in the ledger. */
@Injectable()
export class LedgerKeyJournal extends KeyJournal {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    super();
    this.#ledger = ledger;
  }

  override async record(context: RequestContext, event: KeyEvent): Promise<void> {
    await this.#ledger.append({ ...event, context }, 'staged');
  }

  override stage(manager: EntityManager, context: RequestContext, event: KeyEvent): Promise<void> {
    return this.#ledger.stage(manager, { ...event, context });
  }
}

/** Takes a process out of rotation while its key provider does not answer. */
@Injectable()
export class KeysReadiness implements OnModuleInit {
  readonly #checks: ReadinessChecks;
  readonly #probe: KeyProbe;

  constructor(checks: ReadinessChecks, probe: KeyProbe) {
    this.#checks = checks;
    this.#probe = probe;
  }

  onModuleInit(): void {
    this.#checks.add('keys', () => this.#probe.check());
  }
}
