import { Instant, Nested, OneOf, Text, Uuid, YesNo } from '../../../platform/http/fields.js';

const TITLE = { max: 200, example: 'Clé d’un logiciel de recrutement publiée par erreur' } as const;
const NOTICED = {
  description: 'When somebody of ours knew of it: the 72 hours of GDPR article 33 begin',
} as const;

/** What an entry has to fulfil to count: all that is named. */
export class CriteriaDto {
  @Uuid({ optional: true, description: 'An OAuth client' })
  readonly client?: string;

  @Uuid({ optional: true })
  readonly agency?: string;

  @Uuid({ optional: true, description: 'A person’s session' })
  readonly session?: string;

  @Text({
    max: 43,
    optional: true,
    example: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
    description: 'Thumbprint of the key that a program has shown (RFC 7638, or of its certificate)',
  })
  readonly key?: string;

  @Text({
    max: 64,
    optional: true,
    example: '203.0.113.0/24',
    description: 'An IP address, a network (/24 or /48), or the keyed hash of either as the ledger has it',
  })
  readonly origin?: string;

  @Text({
    max: 128,
    optional: true,
    example: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b',
    description: 'The account or client that acted, or the name of a part of the product',
  })
  readonly actor?: string;

  @Instant({ optional: true, example: '2026-01-28T00:00:00Z', description: 'Inclusive' })
  readonly from?: string;

  @Instant({
    optional: true,
    example: '2026-02-04T08:00:00Z',
    description: 'Exclusive; without it, until the incident is closed',
  })
  readonly to?: string;
}

export class NewIncidentDto extends CriteriaDto {
  @Text(TITLE)
  readonly title: string;

  @Instant({ optional: true, example: '2026-02-04T08:00:00Z', ...NOTICED })
  readonly noticedAt?: string;
}

/** An id that nothing has is refused, so the examples have none. */
export const NEW_INCIDENT_EXAMPLES = {
  origin: {
    summary: 'By network and time',
    value: {
      title: 'Lectures inhabituelles depuis un réseau inconnu',
      noticedAt: '2026-02-04T08:00:00Z',
      origin: '203.0.113.0/24',
      from: '2026-01-28T00:00:00Z',
    },
  },
  key: {
    summary: 'By the key that a program has shown',
    value: { title: 'Clé d’un organisme volée', key: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
  },
};

export class CreatedIncidentDto {
  @Uuid()
  readonly id: string;
}

export class ClosingDto {
  @Text({
    max: 4_000,
    example: 'La clé a été remplacée ; les 41 personnes concernées ont été informées.',
    description: 'What it came to: facts, effects and remedies (GDPR article 33(5))',
  })
  readonly conclusion: string;

  @YesNo({
    optional: true,
    example: false,
    description: 'Whoever could not be reached by mail has been told in another way',
  })
  readonly toldOtherwise?: boolean;

  @YesNo({
    optional: true,
    example: false,
    description:
      'Close it though people have not been told: no mail is written to them, and only their access history shows it',
  })
  readonly leaveUntold?: boolean;
}

export class ListedIncidentDto {
  @Uuid()
  readonly id: string;

  @OneOf(['open', 'closed', 'refused'], {
    description: 'refused: its record is not as the product last wrote it, and counts for nothing',
  })
  readonly status: string;

  @Text({ ...TITLE, nullable: true, description: 'null for one that is refused' })
  readonly title: string | null;

  @Instant({ example: '2026-11-30T08:00:00.000Z' })
  readonly openedAt: string;

  @Instant({ nullable: true })
  readonly closedAt: string | null;
}

export class IncidentDto {
  @Uuid()
  readonly id: string;

  @OneOf(['open', 'closed'])
  readonly status: string;

  @Text(TITLE)
  readonly title: string;

  @Nested(() => CriteriaDto)
  readonly criteria: CriteriaDto;

  @Instant({ example: '2026-11-30T07:30:00.000Z', ...NOTICED })
  readonly noticedAt: string;

  @Instant({ example: '2026-11-30T08:00:00.000Z' })
  readonly openedAt: string;

  @Instant({ nullable: true, description: 'When containment was first ordered' })
  readonly containedAt: string | null;

  @Instant({ nullable: true })
  readonly closedAt: string | null;

  @Text({ max: 4_000, nullable: true, example: 'La clé a été remplacée.' })
  readonly conclusion: string | null;
}
