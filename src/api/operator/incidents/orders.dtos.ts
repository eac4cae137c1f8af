import { CONTAINMENT_STEPS, type ContainmentStep } from '../../../modules/incidents/index.js';
import { Texts, Uuids, WholeNumber } from '../../../platform/http/fields.js';

const MOST = Number.MAX_SAFE_INTEGER;

export class ContainmentDto {
  @Texts({
    max: CONTAINMENT_STEPS.length,
    values: CONTAINMENT_STEPS,
    unique: true,
    optional: true,
    example: ['clients', 'sessions'],
    description: 'All of them unless told',
  })
  readonly steps?: ContainmentStep[];
}

export class ContainmentPlanDto {
  @Uuids({ max: MOST, description: 'Clients to be suspended' })
  readonly clients: string[];

  @Uuids({ max: MOST, description: 'Of these, named by the criteria and not active in what they are about' })
  readonly idleClients: string[];

  @Uuids({ max: MOST, description: 'Agencies whose budgets are to be tightened' })
  readonly agencies: string[];

  @WholeNumber({ min: 0, max: MOST, description: 'People whose sessions are to be ended' })
  readonly people: number;

  @WholeNumber({ min: 0, max: MOST, description: 'Candidates whose keys are to be renewed' })
  readonly keys: number;

  @WholeNumber({
    min: 0,
    max: MOST,
    description: 'Entries of any kind that were still on their way to the tree, and in no list: ask again',
  })
  readonly awaited: number;
}
