import type { EntityManager } from 'typeorm';
import type { AgencyId } from '../../kernel/ids.js';
import { isOver } from './application.machine.js';
import { ApplicationEntity } from './persistence/application.entity.js';

/** How many of an agency's applications may still come to something; the disclosure budget grows with them. */
export async function countOpen(manager: EntityManager, agencyId: AgencyId): Promise<number> {
  const found = await manager
    .getRepository(ApplicationEntity)
    .createQueryBuilder('a')
    .select('a.status', 'status')
    .addSelect('count(*)::int', 'count')
    .where(`a.agencyId = :agency AND a.status <> 'draft'`, { agency: agencyId })
    .groupBy('a.status')
    .getRawMany<{ status: ApplicationEntity['status']; count: number }>();
  return found.filter(({ status }) => !isOver(status)).reduce((sum, { count }) => sum + count, 0);
}
