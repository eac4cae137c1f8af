import { Email, Instant, OneOf, Uuid } from '../../../platform/http/fields.js';

const ROLES = ['auditor', 'operator'] as const;
const STATUSES = ['invited', 'enrolling', 'active', 'suspended'] as const;

export class InvitationDto {
  @Email({ example: 'dominique.leroy@example.fr' })
  readonly email: string;

  @OneOf(ROLES, { description: 'What the person may do' })
  readonly role: 'auditor' | 'operator';

  @OneOf(['fr', 'en'], { description: 'Language of the mails' })
  readonly locale: 'fr' | 'en';
}

export class InvitedDto {
  @Uuid()
  readonly id: string;
}

export class StaffSearchDto {
  @Email({ example: 'dominique.leroy@example.fr' })
  readonly email: string;
}

export class StaffMemberDto {
  @Uuid()
  readonly id: string;

  @OneOf(ROLES)
  readonly role: string;

  @OneOf(STATUSES, { description: 'enrolling: has set a password and no authenticator yet' })
  readonly status: string;

  @Instant()
  readonly invitedAt: string;
}
