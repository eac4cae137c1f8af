import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { type AccountId, type AgencyId, type ClientId, type Id, parseId } from '../../../kernel/ids.js';
import { Exposures, type ExposingActor, type LedgerFilter } from '../../../ledger/index.js';
import { SubjectRotation } from '../../../sealing/index.js';
import { Budgets, Clients } from '../../agencies/index.js';
import { SessionTermination } from '../../identity/index.js';
import { Impact } from '../impact/impact.js';
import type { Incident } from '../incident.js';
import { type ContainmentPlan, type ContainmentStep, TIGHT_BUDGET } from './plan.js';

const NOTHING: ContainmentPlan = { clients: [], agencies: [], people: [], candidates: [] };

/** Finds out what is left to be done: by what the clients, sessions and keys themselves say, never by a list of ours. */
@Injectable()
export class ContainmentPlans {
  readonly #exposures: Exposures;
  readonly #impact: Impact;
  readonly #clients: Clients;
  readonly #budgets: Budgets;
  readonly #sessions: SessionTermination;
  readonly #keys: SubjectRotation;
  readonly #clock: Clock;

  constructor(
    exposures: Exposures,
    impact: Impact,
    clients: Clients,
    budgets: Budgets,
    sessions: SessionTermination,
    keys: SubjectRotation,
    clock: Clock,
  ) {
    this.#exposures = exposures;
    this.#impact = impact;
    this.#clients = clients;
    this.#budgets = budgets;
    this.#sessions = sessions;
    this.#keys = keys;
    this.#clock = clock;
  }

  async of(
    context: RequestContext,
    { containedAt, criteria }: Incident,
    filter: LedgerFilter,
    steps: readonly ContainmentStep[],
  ): Promise<ContainmentPlan> {
    const since = containedAt ?? this.#clock.now();
    const actors = await this.#exposures.actors(filter);
    let plan = NOTHING;
    if (steps.includes('clients')) {
      const named = parseId<ClientId>(criteria.client ?? '');
      const acted = idsOf<ClientId>(actors, (kind) => kind === 'agency');
      const clients = [...new Set(named === undefined ? acted : [named, ...acted])];
      plan = { ...plan, clients: await this.#clients.unsuspended(clients) };
    }
    if (steps.includes('budgets')) {
      const named = parseId<AgencyId>(criteria.agency ?? '');
      const acted = actors.flatMap(({ agencyId }) => parseId<AgencyId>(agencyId ?? '') ?? []);
      const agencies = [...new Set(named === undefined ? acted : [named, ...acted])];
      plan = { ...plan, agencies: await this.#budgets.wider(context, agencies, TIGHT_BUDGET) };
    }
    if (steps.includes('sessions')) {
      const people = idsOf<AccountId>(actors, (kind) => kind !== 'agency');
      plan = { ...plan, people: await this.#sessions.withSessions(people, since) };
    }
    if (steps.includes('keys')) {
      const affected = await this.#impact.everybody(filter);
      const here = affected.flatMap(({ candidate }) => candidate ?? []);
      const outdated = new Set<string>(await this.#keys.outdated(here, since));
      plan = { ...plan, candidates: here.filter((candidate) => outdated.has(candidate)) };
    }
    return plan;
  }
}

const idsOf = <T extends Id<string>>(
  actors: readonly ExposingActor[],
  isMeant: (kind: string) => boolean,
): readonly T[] =>
  actors.filter(({ actorKind }) => isMeant(actorKind)).flatMap(({ actorId }) => parseId<T>(actorId) ?? []);
