import type { StaffMember } from '../../../modules/identity/index.js';
import type { StaffMemberDto } from './staff.dtos.js';

export function presentMember({ id, role, status, invitedAt }: StaffMember): StaffMemberDto {
  return { id, role, status, invitedAt: invitedAt.toISOString() };
}
