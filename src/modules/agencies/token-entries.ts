import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import type { AgencyId } from '../../kernel/ids.js';
import { type EntryColumns, Ledger } from '../../ledger/index.js';
import type { ActiveClient } from './clients/active-client.js';

/** What a refused token was, as far as that is known. */
export interface RefusedToken {
  readonly tokenId?: string | undefined;
  readonly agencyId?: AgencyId | undefined;
}

/** Who is given a token, or takes one away. */
export interface Issue {
  readonly context: RequestContext;
  readonly client: ActiveClient;
  /** Thumbprint of the key that the token is bound to. */
  readonly key: string | undefined;
}

/** A token by the name that the ledger knows it by. */
export interface NamedToken extends Issue {
  readonly tokenId: string;
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

  /** In the very statement that adds the tokens. @param send is given an entry for each */
  issued<T>(tokens: readonly NamedToken[], send: (entries: EntryColumns) => Promise<T>): Promise<T> {
    const drafts = tokens.map((token) => ({ action: 'token.issued', ...whoseOf(token) }) as const);
    return this.#ledger.stageBy(drafts, send);
  }

  /** In the very transaction that removes the token. */
  revoked(manager: EntityManager, token: NamedToken): Promise<void> {
    return this.#ledger.stage(manager, { action: 'token.revoked', ...whoseOf(token) });
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

function whoseOf({ context, client, key, tokenId }: NamedToken) {
  return { context: { ...context, actor: actorOf(client, key) }, agency: client.agencyId, resource: tokenId };
}
