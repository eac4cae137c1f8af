import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { type Id, newId, parseId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { INSTALLATION, Sealer } from '../../../sealing/index.js';
import { QUEUED_REQUEST, type QueuedRequest } from '../persistence/places.js';
import { RequestEntity } from '../persistence/request.entity.js';
import { PasswordReset } from './password-reset.js';
import { Recovery } from './recovery.js';

/**
 * What anybody may ask for about any address. The request itself only keeps it, sealed, for the worker: so its answer
 * and the work behind it are the same whether the address is known or not.
 */
@Injectable()
export class QueuedRequests {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #jobs: Jobs;
  readonly #reset: PasswordReset;
  readonly #recovery: Recovery;
  readonly #clock: Clock;

  constructor(
    database: Database,
    sealer: Sealer,
    jobs: Jobs,
    reset: PasswordReset,
    recovery: Recovery,
    clock: Clock,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#jobs = jobs;
    this.#reset = reset;
    this.#recovery = recovery;
    this.#clock = clock;
  }

  async add(context: RequestContext, kind: QueuedRequest['kind'], email: string): Promise<void> {
    const now = this.#clock.now();
    const id = newId<'identity-request'>(now.getTime());
    const { requestId, locale, address } = context;
    const request = { kind, email, requestId, locale, address };
    const content = await this.#sealer.seal(QUEUED_REQUEST, { subject: INSTALLATION, row: id }, request);
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      await manager.getRepository(RequestEntity).insert({ id, content, createdAt: now });
      await this.#jobs.send('identity_request', { requestId: id }, manager);
    });
  }

  /** The worker's half. */
  async start(): Promise<void> {
    await this.#jobs.work('identity_request', ({ requestId }) => this.#handle(requestId));
  }

  async #handle(text: string): Promise<void> {
    const id = parseId<Id<'identity-request'>>(text);
    if (id === undefined) return;
    const row = await this.#database.run({ kind: 'identity' }, (manager) =>
      manager.getRepository(RequestEntity).findOneBy({ id }),
    );
    // Done before; the job came twice.
    if (row === null) return;
    const own = { subject: INSTALLATION, row: id };
    const request = await this.#sealer.openOperational(QUEUED_REQUEST, own, row.content);
    await this.#begin(request);
    await this.#database.run({ kind: 'identity' }, (manager) =>
      manager.getRepository(RequestEntity).delete({ id }),
    );
  }

  #begin({ kind, email, ...asked }: QueuedRequest): Promise<void> {
    const context = { ...asked, actor: { kind: 'anonymous' } } as const;
    switch (kind) {
      case 'password_forgotten':
        return this.#reset.begin(context, email);
      case 'recovery':
        return this.#recovery.begin(context, email);
    }
  }
}
