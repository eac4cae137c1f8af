import { ACTIONS, OUTCOMES } from '../../../ledger/index.js';
import { Instant, OneOf, Text, Texts, Uuid } from '../../../platform/http/fields.js';

const ACTORS = ['candidate', 'agency', 'auditor', 'operator', 'system', 'anonymous'] as const;
const PURPOSES = ['review', 'interview', 'offer', 'onboarding', 'own_data'] as const;

/** One access to the candidate's data. */
export class AccessDto {
  @Uuid({ description: 'Of the entry in the ledger' })
  readonly id: string;

  @Instant({ example: '2026-11-23T09:30:00.000Z' })
  readonly at: string;

  @Text({
    max: 2_000,
    example:
      'Ministère de la Culture a lu des données de la candidature : motivation, formations. Finalité : examen de la candidature.',
    description: 'All of it in one sentence, in the language of the request',
  })
  readonly sentence: string;

  @OneOf(ACTIONS, { example: 'application.disclosed' })
  readonly action: string;

  @OneOf(OUTCOMES, { description: 'Whether it was allowed, refused, or failed' })
  readonly outcome: string;

  @OneOf(PURPOSES, { nullable: true })
  readonly purpose: string | null;

  @OneOf(ACTORS, { example: 'agency', description: 'Who acted; `candidate` is oneself' })
  readonly actor: string;

  @Text({ max: 200, nullable: true, example: 'Ministère de la Culture' })
  readonly agencyName: string | null;

  @Uuid({ nullable: true })
  readonly applicationId: string | null;

  @Texts({ max: 30, example: ['motivation', 'education'], description: 'What was read or changed' })
  readonly fields: string[];
}
