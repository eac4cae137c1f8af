import { type CandidateId, newId } from '../../kernel/ids.js';
import type { Vacancy } from '../vacancies/index.js';
import type { ApplicationEntity } from './persistence/application.entity.js';

type Draft = Omit<ApplicationEntity, 'recordRevision' | 'mac'> &
  Readonly<Record<'motivation' | 'answers' | 'snapshot', null>>;

/** An application with nothing in it yet, as what its vacancy was at that moment makes it. */
export function newDraft(candidateId: CandidateId, vacancy: Vacancy, attempt: number, now: Date): Draft {
  return {
    id: newId<'application'>(now.getTime()),
    candidateId,
    vacancyId: vacancy.id,
    agencyId: vacancy.agencyId,
    mode: vacancy.mode,
    status: 'draft',
    attempt,
    anonymousReview: vacancy.anonymousReview,
    motivation: null,
    answers: null,
    snapshot: null,
    createdAt: now,
    submittedAt: null,
    answerBy: null,
    remindedAt: null,
    updatedAt: now,
    revision: 1,
    erasedAt: null,
  };
}
