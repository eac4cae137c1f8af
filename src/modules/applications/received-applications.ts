import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { ApplicationId, CandidateId } from '../../kernel/ids.js';
import { Ledger, recordingMisses } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { scopeOf } from '../../platform/database/scope.js';
import { requireRevision, type SeenRevisions } from '../../platform/http/index.js';
import { IndexKeys } from '../../sealing/index.js';
import { ApplicationChanges } from './application-changes.js';
import { ApplicationRecords } from './application-records.js';
import type { Move } from './move.policy.js';
import { ApplicationEntity } from './persistence/application.entity.js';

type Agency = RequestContext<AgencyActor>;

/** What an agency knows of an application without any disclosure. */
export interface ReceivedApplication {
  readonly application: ApplicationEntity;
  /** The same for one candidate at one agency, and meaningless elsewhere. */
  readonly pseudonym: string;
}

/** A step that an agency takes. */
export type AgencyMove = Omit<Move, 'by'>;

/** Applications as agencies receive and decide them; drafts do not exist here. */
@Injectable()
export class ReceivedApplications {
  readonly #database: Database;
  readonly #keys: IndexKeys;
  readonly #ledger: Ledger;
  readonly #changes: ApplicationChanges;
  readonly #records: ApplicationRecords;

  constructor(
    database: Database,
    keys: IndexKeys,
    ledger: Ledger,
    changes: ApplicationChanges,
    records: ApplicationRecords,
  ) {
    this.#database = database;
    this.#keys = keys;
    this.#ledger = ledger;
    this.#changes = changes;
    this.#records = records;
  }

  /** @throws Failure `not_found`, `precondition_failed`, `transition_refused`, `invalid_request` */
  async move(
    context: Agency,
    id: ApplicationId,
    revision: SeenRevisions,
    move: AgencyMove,
  ): Promise<ReceivedApplication> {
    const draft = { action: 'application.transitioned', context, resource: id } as const;
    const moved = await recordingMisses(this.#ledger, draft, () =>
      this.#database.run(scopeOf(context.actor), async (manager) => {
        const [application] = await this.#find(manager, context, [id]);
        if (application === undefined) throw new Failure('not_found');
        requireRevision(application.revision, revision);
        return this.#changes.move(manager, context, application, { ...move, by: 'agency' });
      }),
    );
    return this.present(moved);
  }

  /** Those of the ids that the agency has received and that stand, in the order asked for. */
  find(context: Agency, ids: readonly ApplicationId[]): Promise<readonly ApplicationEntity[]> {
    return this.#database.run(scopeOf(context.actor), (manager) => this.#find(manager, context, ids));
  }

  async present(application: ApplicationEntity): Promise<ReceivedApplication> {
    return { application, pseudonym: await this.#pseudonym(application.agencyId, application.candidateId) };
  }

  async #pseudonym(agency: string, candidate: CandidateId): Promise<string> {
    const key = await this.#keys.key('subject-pseudonym');
    return createHmac('sha256', key).update(`${agency}/${candidate}`).digest('base64url').slice(0, 16);
  }

  /** Row-level security says the same once more. */
  async #find(
    manager: EntityManager,
    context: Agency,
    ids: readonly ApplicationId[],
  ): Promise<readonly ApplicationEntity[]> {
    const { agencyId } = context.actor;
    const isReceived = (application: ApplicationEntity): boolean =>
      application.agencyId === agencyId && application.status !== 'draft';
    const found = await manager.getRepository(ApplicationEntity).findBy({ id: In([...ids]), agencyId });
    const standing = await this.#records.standing(context, manager, found.filter(isReceived));
    // What has changed while it was looked at is asked once more.
    const byId = new Map(standing.filter(isReceived).map((application) => [application.id, application]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }
}
