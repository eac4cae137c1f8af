import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { ClientId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { requireRevision, type SeenRevisions } from '../../../platform/http/index.js';
import type { ClientEntity } from '../persistence/client.entity.js';
import { TokenStore } from '../persistence/token-store.js';
import { readClientKeys } from './client-keys.js';
import type { ClientMetadata, JsonWebKeySet, NewClient } from './client-metadata.js';
import { ClientRows } from './client-rows.js';
import { readName, readScopes } from './client-rules.js';
import { replaceKeys } from './key-replacement.js';

/** Which client, and as whoever changes it has last seen it; at the command line nobody has. */
export interface ClientVersion {
  readonly id: ClientId;
  readonly revision?: SeenRevisions;
}

export interface KeyReplacement {
  readonly jwks: JsonWebKeySet;
  /** Until when the keys of now count beside the new ones; none of them any more when that is past. */
  readonly oldKeysUntil: Date;
}

/** Changes to what a client was registered with. They count from the next request on, in every process. */
@Injectable()
export class ClientChanges {
  readonly #database: Database;
  readonly #rows: ClientRows;
  readonly #tokens: TokenStore;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, rows: ClientRows, tokens: TokenStore, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#rows = rows;
    this.#tokens = tokens;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * Tokens that are out lose the scopes that the client loses, and gain none.
   * @throws Failure `invalid_request`, `not_found`, `precondition_failed`; `conflict` for a record that does not stand
   */
  async change(
    context: RequestContext,
    which: ClientVersion,
    changes: Partial<Pick<NewClient, 'name' | 'scopes'>>,
  ): Promise<void> {
    const { name, scopes } = changes;
    const read = {
      ...(name === undefined ? {} : { name: readName(name) }),
      ...(scopes === undefined ? {} : { scopes: readScopes(scopes) }),
    };
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const { client, metadata } = await this.#present(context, manager, which);
      await this.#write(manager, client, { ...metadata, ...read });
      const { id: resource, agencyId: agency } = client;
      await this.#ledger.stage(manager, { action: 'client.changed', context, resource, agency });
    });
  }

  /**
   * Puts new keys in the place of those of now. With an overlap, tokens that are out live to their end, five minutes at
   * most; without one, the old keys may be in wrong hands, and every token that they can have got is dead at once.
   * @throws as `change`
   */
  async replaceKeys(
    context: RequestContext,
    which: ClientVersion,
    { jwks, oldKeysUntil }: KeyReplacement,
  ): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const { client, metadata } = await this.#present(context, manager, which);
      const now = this.#clock.now();
      const { keys } = await readClientKeys({ ...metadata, jwks }, now);
      const replaced = await replaceKeys(metadata, keys, oldKeysUntil, now);
      await this.#write(manager, client, { ...metadata, ...replaced });
      const isAtOnce = oldKeysUntil <= now;
      if (isAtOnce) await this.#tokens.removeAllOf(manager, client.id);
      await this.#ledger.stage(manager, {
        action: 'client.keys_replaced',
        context,
        resource: client.id,
        agency: client.agencyId,
        reason: isAtOnce ? 'at_once' : 'with_overlap',
        count: keys.length,
      });
    });
  }

  async #present(
    context: RequestContext,
    manager: EntityManager,
    { id, revision }: ClientVersion,
  ): Promise<{ readonly client: ClientEntity; readonly metadata: ClientMetadata }> {
    const client = await this.#rows.locked(context, manager, id);
    if (revision !== undefined) requireRevision(client.revision, revision);
    const metadata = await this.#rows.open(context, client);
    if (metadata === undefined) throw new Failure('sealed_value_unreadable');
    return { client, metadata };
  }

  async #write(manager: EntityManager, client: ClientEntity, metadata: ClientMetadata): Promise<void> {
    await this.#rows.update(manager, client, { metadata: await this.#rows.seal(client, metadata) });
  }
}
