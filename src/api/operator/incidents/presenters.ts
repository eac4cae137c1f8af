import { formatProof, type ProvenExposure } from '../../../ledger/index.js';
import {
  type Addressed,
  type ContainmentPlan,
  type Incident,
  type ImpactTotal,
  type ListedIncident,
  whyLowerBound,
} from '../../../modules/incidents/index.js';
import type { AffectedDto, ImpactDto, ProvenEntryDto } from './impact.dtos.js';
import type { IncidentDto, ListedIncidentDto } from './incidents.dtos.js';
import type { ContainmentPlanDto } from './orders.dtos.js';

const moment = (at: Date | null): string | null => at?.toISOString() ?? null;

export function presentListed({ id, status, title, openedAt, closedAt }: ListedIncident): ListedIncidentDto {
  return { id, status, title, openedAt: openedAt.toISOString(), closedAt: moment(closedAt) };
}

export function presentIncident({ id, status, title, criteria, noticedAt, ...rest }: Incident): IncidentDto {
  return {
    id,
    status,
    title,
    criteria: { ...criteria },
    noticedAt,
    openedAt: rest.openedAt.toISOString(),
    containedAt: moment(rest.containedAt),
    closedAt: moment(rest.closedAt),
    conclusion: rest.conclusion,
  };
}

export function presentImpact({
  subjects,
  erased,
  told,
  waiting,
  unreached,
  entries,
  first,
  last,
  ...rest
}: ImpactTotal): ImpactDto {
  const { incident, everything, fields, checkpoint, canaries, awaited, keptFrom } = rest;
  return {
    candidates: subjects,
    erased,
    told,
    waiting,
    unreached,
    canaries,
    entries,
    first: moment(first),
    last: moment(last),
    everything,
    fields: fields.map(({ field, subjects: candidates }) => ({ field, candidates })),
    checkpoint: checkpoint === null ? null : { size: checkpoint.size, note: checkpoint.note },
    awaited,
    keptFrom: moment(keptFrom),
    lowerBound: whyLowerBound(incident.criteria, { keptFrom, awaited }).length > 0,
  };
}

export function presentAffected({ subject, fields, entries, first, last, ...rest }: Addressed): AffectedDto {
  return {
    pseudonym: subject,
    fields: [...fields],
    entries,
    first: first.toISOString(),
    last: last.toISOString(),
    erased: rest.candidate === undefined,
    letter: rest.letter,
    canary: rest.isCanary,
  };
}

export function presentEntry({
  index,
  hashes,
  checkpoint,
  records,
  ...entry
}: ProvenExposure): ProvenEntryDto {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    action: entry.action,
    entry: entry.envelope.toString('base64'),
    proof: formatProof({ index, hashes, checkpoint: checkpoint.note }),
    subjects: records.map((stored) => ({
      record: 'record' in stored ? stored.record.toString('base64') : null,
      hash: 'hash' in stored ? stored.hash.toString('base64') : null,
    })),
    holds: entry.holds,
  };
}

export function presentPlan({ people, candidates, ...plan }: ContainmentPlan): ContainmentPlanDto {
  return {
    clients: [...plan.clients],
    idleClients: [...plan.idleClients],
    agencies: [...plan.agencies],
    people: people.length,
    keys: candidates.length,
    awaited: plan.awaited,
  };
}
