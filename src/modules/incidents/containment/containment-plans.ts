import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import {
  type AccountId,
  type AgencyId,
  type ClientId,
  parseId,
  type SessionId,
} from '../../../kernel/ids.js';
import { AwaitedEntries, Exposures, type ExposingActor, type LedgerFilter } from '../../../ledger/index.js';
import { SubjectRotation } from '../../../sealing/index.js';
import { Budgets, Clients } from '../../agencies/index.js';
import { SessionTermination } from '../../identity/index.js';
import type { Criteria } from '../criteria.js';
import { AffectedCandidates } from '../impact/affected-candidates.js';
import type { Incident } from '../incident.js';
import { type ContainmentPlan, type ContainmentStep, TIGHT_BUDGET, tightUntil } from './plan.js';

const NOTHING: Omit<ContainmentPlan, 'meant' | 'awaited'> = {
  clients: [],
  idleClients: [],
  agencies: [],
  people: [],
  candidates: [],
};

/** Finds out what is left to be done: by what the clients, sessions and keys themselves say, never by a list of ours. */
@Injectable()
export class ContainmentPlans {
  readonly #awaited: AwaitedEntries;
  readonly #exposures: Exposures;
  readonly #affected: AffectedCandidates;
  readonly #clients: Clients;
  readonly #budgets: Budgets;
  readonly #sessions: SessionTermination;
  readonly #keys: SubjectRotation;
  readonly #clock: Clock;

  constructor(
    awaited: AwaitedEntries,
    exposures: Exposures,
    affected: AffectedCandidates,
    clients: Clients,
    budgets: Budgets,
    sessions: SessionTermination,
    keys: SubjectRotation,
    clock: Clock,
  ) {
    this.#awaited = awaited;
    this.#exposures = exposures;
    this.#affected = affected;
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
    const awaited = await this.#awaited.arrive();
    const actors = await this.#exposures.actors(filter);
    const acted = actors.flatMap((actor) =>
      actor.actorKind === 'agency' ? (parseId<ClientId>(actor.actorId) ?? []) : [],
    );
    const clients = [...new Set([...acted, ...(await this.#named(criteria))])];
    const since = containedAt ?? this.#clock.now();
    const people = sessionsOf(actors, criteria, since);
    const session = parseId<SessionId>(criteria.session ?? '');
    const meant = clients.length + people.size + (session === undefined ? 0 : 1);
    let plan: ContainmentPlan = { ...NOTHING, meant, awaited };
    if (steps.includes('clients')) {
      const left = await this.#clients.unsuspended(clients);
      plan = { ...plan, clients: left, idleClients: left.filter((client) => !acted.includes(client)) };
    }
    if (steps.includes('budgets')) {
      const named = parseId<AgencyId>(criteria.agency ?? '');
      const whose = await this.#clients.agenciesOf(clients);
      const agencies = [...new Set(named === undefined ? whose : [named, ...whose])];
      const order = { limits: TIGHT_BUDGET, until: tightUntil(since) };
      plan = { ...plan, agencies: await this.#budgets.wider(context, agencies, order) };
    }
    if (steps.includes('sessions'))
      plan = { ...plan, people: await this.#sessions.withSessions(people, session) };
    if (steps.includes('keys')) {
      const { subjects } = await this.#exposures.all(filter);
      const affected = await this.#affected.of(subjects);
      const exposed = affected.flatMap(({ candidate, last }) =>
        candidate === undefined ? [] : [[candidate, later(since, last)] as const],
      );
      const outdated = new Set<string>(await this.#keys.outdated(new Map(exposed)));
      const candidates = exposed.map(([candidate]) => candidate).filter((one) => outdated.has(one));
      plan = { ...plan, candidates };
    }
    return plan;
  }

  /** Clients that somebody has named, whether they have done anything yet or not. */
  async #named({ client, actor, agency, key, origin, session }: Criteria): Promise<readonly ClientId[]> {
    const named = [client, actor].flatMap((text) => parseId<ClientId>(text ?? '') ?? []);
    const whole = parseId<AgencyId>(agency ?? '');
    // With anything else the agency's other clients are not meant.
    const isNarrowed = [client, actor, key, origin, session].some((criterion) => criterion !== undefined);
    return whole === undefined || isNarrowed ? named : this.#clients.ofAgency(whole);
  }
}

const later = (one: Date, other: Date): Date => (one > other ? one : other);

/** Until when the sessions that are meant have begun, of whoever is named or acted: whoever acts again is meant again. */
function sessionsOf(
  actors: readonly ExposingActor[],
  { actor: named = '' }: Criteria,
  since: Date,
): ReadonlyMap<AccountId, Date> {
  const people = actors.filter(({ actorKind }) => actorKind !== 'agency');
  return new Map(
    [{ actorId: named, last: since }, ...people].flatMap(({ actorId, last }) => {
      const account = parseId<AccountId>(actorId);
      return account === undefined ? [] : [[account, later(since, last)] as const];
    }),
  );
}
