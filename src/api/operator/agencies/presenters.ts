import type { ListedAgency } from '../../../modules/agencies/index.js';
import type { AgencyDto } from './agencies.dtos.js';

export function presentAgency({ id, name, mode, createdAt }: ListedAgency): AgencyDto {
  return { id, name, sandbox: mode === 'sandbox', createdAt: createdAt.toISOString() };
}
