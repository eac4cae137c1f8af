import type { EntityManager } from 'typeorm';
import type { CandidateId } from '../../../kernel/ids.js';
import { ProfileEntity } from './profile.entity.js';

/** The candidate's row, made where there is none yet and locked: changes to one candidate come one after the other. */
export async function lockProfile(
  manager: EntityManager,
  candidateId: CandidateId,
  now: Date,
): Promise<ProfileEntity> {
  const profiles = manager.getRepository(ProfileEntity);
  await profiles
    .createQueryBuilder()
    .insert()
    .values({ candidateId, revision: 0, createdAt: now, updatedAt: now })
    .orIgnore()
    .execute();
  return profiles.findOneOrFail({ where: { candidateId }, lock: { mode: 'pessimistic_write' } });
}
