import { Instant, OneOf, Uuid } from '../../../platform/http/fields.js';

export class OpenRecoveryDto {
  @Uuid({ description: 'The reference that its owner has' })
  readonly id: string;

  @OneOf(['asked', 'approved', 'ready'], { description: 'ready: the owner has the token' })
  readonly status: string;

  @Instant()
  readonly askedAt: string;

  @Instant({ description: 'When an approved one gets its token, and any other ends' })
  readonly dueAt: string;
}

export class ApprovedRecoveryDto {
  @Instant({ description: 'When the owner gets the token' })
  readonly dueAt: string;
}
