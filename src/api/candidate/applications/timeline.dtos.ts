import { APPLICATION_STATUSES, MOVERS, REASONS } from '../../../modules/applications/index.js';
import { Instant, OneOf, Text, Uuid } from '../../../platform/http/fields.js';

export class TimelineEntryDto {
  @Instant({ example: '2026-11-21T10:00:00.000Z' })
  readonly at: string;

  @OneOf(APPLICATION_STATUSES)
  readonly from: string;

  @OneOf(APPLICATION_STATUSES, { example: 'submitted' })
  readonly to: string;

  @OneOf(MOVERS)
  readonly by: string;

  @Text({ max: 100, example: 'Candidature déposée', description: 'In the language of the request' })
  readonly label: string;

  @OneOf(REASONS, { nullable: true })
  readonly reason: string | null;

  @Text({
    max: 200,
    nullable: true,
    example: 'Le poste est pourvu.',
    description: 'The reason, in the language of the request',
  })
  readonly reasonLabel: string | null;

  @Text({ max: 2_000, nullable: true, example: 'Votre parcours nous intéresse.' })
  readonly publicNote: string | null;

  @Text({
    max: 4_000,
    nullable: true,
    example: 'Votre expérience des fonds anciens a convaincu ; celle du numérique est à compléter.',
    description: 'What the agency says to its rejection',
  })
  readonly feedback: string | null;

  @Instant({
    nullable: true,
    example: '2026-12-18T17:00:00.000Z',
    description: 'Until when the offer can be answered',
  })
  readonly answerBy: string | null;
}

export class NotificationDto {
  @Uuid()
  readonly id: string;

  @Instant({ example: '2026-11-21T10:00:00.000Z' })
  readonly at: string;

  @Uuid()
  readonly applicationId: string;

  @Uuid()
  readonly vacancyId: string;

  @Text({ max: 200, example: 'Chargée ou chargé de fonds d’archives' })
  readonly vacancyTitle: string;

  @OneOf(APPLICATION_STATUSES, { example: 'under_review' })
  readonly status: string;

  @OneOf(MOVERS, { example: 'agency' })
  readonly by: string;

  @Text({
    max: 100,
    example: 'Candidature en cours d’examen',
    description: 'In the language of the request; what was said to it is in the timeline',
  })
  readonly label: string;
}
