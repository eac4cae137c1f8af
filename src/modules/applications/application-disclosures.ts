import { Injectable } from '@nestjs/common';
import type { AgencyActor, RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { ApplicationId } from '../../kernel/ids.js';
import {
  type AgencyPurpose,
  type ApplicationDossier,
  Disclosure,
  RELEASABLE_FIELDS,
  type ReleasableField,
  type Release,
  type Released,
  requireReleased,
} from '../../disclosure/index.js';
import { Ledger } from '../../ledger/index.js';
import { Allowances } from './allowances.js';
import type { ApplicationEntity } from './persistence/application.entity.js';
import { ANSWERS, MOTIVATION, SNAPSHOT } from './persistence/places.js';
import { type ReceivedApplication, ReceivedApplications } from './received-applications.js';

type Agency = RequestContext<AgencyActor>;

export interface DisclosureWish {
  readonly purpose: AgencyPurpose;
  /** Narrows what is released. */
  readonly fields?: readonly ReleasableField[];
}

export interface DisclosedApplication extends ReceivedApplication {
  readonly released: Released;
}

/** One of several asked for: what was released, or why not. */
export type BulkAnswer =
  | { readonly id: ApplicationId; readonly received: ReceivedApplication; readonly release: Release }
  | { readonly id: ApplicationId; readonly release: 'not_found' };

const WRITTEN: readonly ReleasableField[] = ['motivation', 'answers'];
const FROZEN = RELEASABLE_FIELDS.filter((field) => !WRITTEN.includes(field));

/** Hands applications to the one door on behalf of agencies. */
@Injectable()
export class ApplicationDisclosures {
  readonly #received: ReceivedApplications;
  readonly #disclosure: Disclosure;
  readonly #ledger: Ledger;
  readonly #allowances: Allowances;

  constructor(
    received: ReceivedApplications,
    disclosure: Disclosure,
    ledger: Ledger,
    allowances: Allowances,
  ) {
    this.#received = received;
    this.#disclosure = disclosure;
    this.#ledger = ledger;
    this.#allowances = allowances;
  }

  /** @throws Failure `not_found`, `disclosure_refused`, `disclosure_budget_spent`, `ledger_unavailable` */
  async one(context: Agency, id: ApplicationId, wish: DisclosureWish): Promise<DisclosedApplication> {
    const [application] = await this.#received.find(context, [id]);
    if (application === undefined) {
      await this.#recordMisses(context, [id], wish);
      throw new Failure('not_found');
    }
    const released = requireReleased(await this.#disclose(context, [application], wish));
    return { ...(await this.#received.present(application)), released };
  }

  /** Refusals are named one by one; the rest is released under one entry. */
  async many(
    context: Agency,
    ids: readonly ApplicationId[],
    wish: DisclosureWish,
  ): Promise<readonly BulkAnswer[]> {
    const applications = await this.#received.find(context, ids);
    const found = new Set(applications.map(({ id }) => id));
    await this.#recordMisses(
      context,
      ids.filter((id) => !found.has(id)),
      wish,
    );
    const releases = await this.#disclose(context, applications, wish);
    const answers = new Map<ApplicationId, BulkAnswer>();
    for (const [at, application] of applications.entries()) {
      const release = releases[at];
      if (release === undefined) continue;
      const received = await this.#received.present(application);
      answers.set(application.id, { id: application.id, received, release });
    }
    return ids.map((id) => answers.get(id) ?? { id, release: 'not_found' });
  }

  /** Of those that are another's as of those that never were; one id is named, of several their number. */
  async #recordMisses(
    context: Agency,
    missing: readonly ApplicationId[],
    { purpose }: DisclosureWish,
  ): Promise<void> {
    const [first] = missing;
    if (first === undefined) return;
    const which = missing.length === 1 ? { resource: first } : { count: missing.length };
    await this.#ledger.append(
      {
        action: 'application.disclosed',
        context,
        purpose,
        ...which,
        outcome: 'refused',
        reason: 'not_found',
      },
      'staged',
    );
  }

  #disclose(
    context: Agency,
    applications: readonly ApplicationEntity[],
    { purpose, fields }: DisclosureWish,
  ): Promise<readonly Release[]> {
    return this.#disclosure.toAgency(context, {
      purpose,
      ...(fields === undefined ? {} : { fields: new Set(fields) }),
      dossiers: applications.map(dossierOf),
      readAllowance: this.#allowances.of(context, context.actor.agencyId),
    });
  }
}

export function dossierOf(application: ApplicationEntity): ApplicationDossier {
  const row = application.id;
  return {
    candidate: application.candidateId,
    application: application.id,
    agency: application.agencyId,
    status: application.status,
    anonymousReview: application.anonymousReview,
    content: [
      {
        holds: 'motivation',
        sealed: { name: 'motivation', place: MOTIVATION, row, value: application.motivation },
      },
      { holds: 'answers', sealed: { name: 'answers', place: ANSWERS, row, value: application.answers } },
      { holds: FROZEN, sealed: { name: 'snapshot', place: SNAPSHOT, row, value: application.snapshot } },
    ],
  };
}
