import { Injectable } from '@nestjs/common';
import { In, Not } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type AgencyId, type ClientId, newId, parseId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import type { AskedRevision } from '../../../sealing/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { AgencyEntity } from '../persistence/agency.entity.js';
import { ClientEntity } from '../persistence/client.entity.js';
import type { ClientStatus } from '../persistence/places.js';
import { TokenStore } from '../persistence/token-store.js';
import type { ActiveClient } from './active-client.js';
import { readClientKeys } from './client-keys.js';
import type { NewClient } from './client-metadata.js';
import { ClientRows } from './client-rows.js';
import { keysAt, readName, readScopes, refuse } from './client-rules.js';

const NO_MUTUAL_TLS = 'This installation takes no certificates: MTLS_URL is not set.';

/** The programs of agencies. Each belongs to one agency; its keys and scopes are sealed to that. */
@Injectable()
export class Clients {
  readonly #database: Database;
  readonly #rows: ClientRows;
  readonly #tokens: TokenStore;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #takesCertificates: boolean;

  constructor(
    database: Database,
    rows: ClientRows,
    tokens: TokenStore,
    ledger: Ledger,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#rows = rows;
    this.#tokens = tokens;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#takesCertificates = settings.http.mutualTls !== undefined;
  }

  /**
   * Registers a program by its public keys.
   * @throws Failure `invalid_request` for a bad key set, name or scope, `not_found` for an unknown agency
   */
  async create(
    context: RequestContext,
    agencyId: AgencyId,
    metadata: NewClient,
  ): Promise<{ readonly id: ClientId }> {
    const name = readName(metadata.name);
    const scopes = readScopes(metadata.scopes);
    const now = this.#clock.now();
    const { possession = 'dpop' } = metadata;
    if (possession !== 'dpop' && !this.#takesCertificates) refuse('/possession', NO_MUTUAL_TLS);
    const jwks = await readClientKeys({ jwks: metadata.jwks, possession }, now);
    const id: ClientId = newId<'client'>(now.getTime());
    await this.#database.run({ kind: 'system' }, async (manager) => {
      if (!(await manager.getRepository(AgencyEntity).existsBy({ id: agencyId })))
        throw new Failure('not_found');
      const sealed = await this.#rows.seal(
        { id, agencyId },
        { name, jwks, scopes, possession, retiring: [] },
      );
      const times = { createdAt: now, updatedAt: now };
      await this.#rows.insert(manager, { id, agencyId, status: 'active', metadata: sealed, ...times });
      const entry = { action: 'client.created', context, resource: id, agency: agencyId } as const;
      await this.#ledger.stage(manager, entry);
    });
    return { id };
  }

  /**
   * Ends every token of the client, in every process, and gives it no other.
   * @param reason a code, where it is not somebody’s own decision
   * @throws Failure `not_found`; `conflict` for a record that does not stand
   */
  suspend(context: RequestContext, id: ClientId, reason?: 'budget_spent'): Promise<void> {
    return this.#setStatus(context, id, 'suspended', reason);
  }

  /** Which of these are not suspended. */
  unsuspended(ids: readonly ClientId[]): Promise<readonly ClientId[]> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const where = { id: In(ids), status: Not<ClientStatus>('suspended') };
      const clients = await manager.getRepository(ClientEntity).find({ select: { id: true }, where });
      return clients.map(({ id }) => id);
    });
  }

  /** An agency's clients, suspended or not. */
  ofAgency(agencyId: AgencyId): Promise<readonly ClientId[]> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const clients = await manager
        .getRepository(ClientEntity)
        .find({ select: { id: true }, where: { agencyId } });
      return clients.map(({ id }) => id);
    });
  }

  /** Whose these clients are, each agency once. */
  agenciesOf(ids: readonly ClientId[]): Promise<readonly AgencyId[]> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const where = { id: In(ids) };
      const clients = await manager.getRepository(ClientEntity).find({ select: { agencyId: true }, where });
      return [...new Set(clients.map(({ agencyId }) => agencyId))];
    });
  }

  /** Lets the client ask for tokens again; those of before stay dead. @throws as `suspend` */
  resume(context: RequestContext, id: ClientId): Promise<void> {
    return this.#setStatus(context, id, 'active');
  }

  /**
   * Looks the client up as it stands at this moment.
   * @returns `undefined` for a client that is unknown or suspended, that needs certificates where none are taken, or whose record does not stand, which is alerted
   */
  async active(context: RequestContext, clientId: string): Promise<ActiveClient | undefined> {
    const id = parseId<ClientId>(clientId);
    if (id === undefined) return undefined;
    const client = await this.#rows.active(context, id);
    return client === undefined ? undefined : this.#opened(context, client);
  }

  /** What `activeRow` needs besides the row, asked while that is still being read. */
  ask(id: ClientId): AskedRevision {
    return this.#rows.ask(id);
  }

  /** The same for a row that was just read. @param asked no earlier than the request came */
  async activeRow(
    context: RequestContext,
    row: ClientEntity,
    asked?: AskedRevision,
  ): Promise<ActiveClient | undefined> {
    const client = await this.#rows.activeRow(context, row, asked);
    return client === undefined ? undefined : this.#opened(context, client);
  }

  async #opened(context: RequestContext, client: ClientEntity): Promise<ActiveClient | undefined> {
    const metadata = await this.#rows.open(context, client);
    if (metadata === undefined) return undefined;
    const { name, scopes, possession = 'dpop' } = metadata;
    if (possession !== 'dpop' && !this.#takesCertificates) return undefined;
    const jwks = { keys: keysAt(metadata, this.#clock.now()) };
    const { id, agencyId, revision } = client;
    return { id, agencyId, revision, name, scopes, possession, jwks };
  }

  async #setStatus(
    context: RequestContext,
    id: ClientId,
    status: ClientStatus,
    reason?: string,
  ): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const client = await this.#rows.locked(context, manager, id);
      if (client.status === status) return;
      await this.#rows.update(manager, client, { status });
      if (status === 'suspended') await this.#tokens.removeAllOf(manager, id);
      const action = status === 'active' ? 'client.resumed' : 'client.suspended';
      const because = reason === undefined ? {} : { reason };
      const entry = { action, context, resource: id, agency: client.agencyId, ...because } as const;
      await this.#ledger.stage(manager, entry);
    });
  }
}
