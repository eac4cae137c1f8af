import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import type { ActiveClient } from './clients/clients.js';

/** What a refused token was, as far as that is known. */
export interface RefusedToken {
  readonly tokenId?: string | undefined;
  readonly agencyId?: AgencyId | undefined;
}

export interface ChangedToken {
  readonly id: string;
  readonly client: ActiveClient;
  /** Thumbprint of the key that it is bound to. */
  readonly key: string | undefined;
}

/** The agency's client as the actor of what it has proven to be allowed. @param key thumbprint of the key it has shown */
export function actorOf({ id, agencyId, scopes }: ActiveClient, key?: string): AgencyActor {
  return { kind: 'agency', agencyId, clientId: id, scopes, ...(key === undefined ? {} : { key }) };
}

/** What the ledger is told of access tokens. */
@Injectable()
export class TokenEntries {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Issued or revoked, in the very transaction that adds or removes the token. */
  changed(
    manager: EntityManager,
    action: 'token.issued' | 'token.revoked',
    context: RequestContext,
    { client, id: resource, key }: ChangedToken,
  ): Promise<void> {
    const { agencyId: agency } = client;
    const entry = { action, context: { ...context, actor: actorOf(client, key) }, agency, resource };
    return this.#ledger.stage(manager, entry);
  }

  /** @param reason a code; more precise than what the caller is told */
  async refused(context: RequestContext, reason: string, about: RefusedToken = {}): Promise<void> {
    const { tokenId: resource, agencyId: agency } = about;
    await this.#ledger.append(
      {
        action: 'token.refused',
        context,
        outcome: 'refused',
        reason,
        ...(resource === undefined ? {} : { resource }),
        ...(agency === undefined ? {} : { agency }),
      },
      'staged',
    );
  }
}
