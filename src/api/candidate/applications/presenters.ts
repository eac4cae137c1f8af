import type { Locale } from '../../../kernel/context.js';
import type { FieldError } from '../../../kernel/errors.js';
import { type DocumentId, parseId } from '../../../kernel/ids.js';
import { worded } from '../../../kernel/wording.js';
import {
  type DraftPatch,
  type ListedApplication,
  type Notification,
  type OwnApplication,
  REASON_WORDS,
  STATUS_WORDS,
  type TimelineEntry,
} from '../../../modules/applications/index.js';
import type { Vacancy } from '../../../modules/vacancies/index.js';
import { type Revised, withRevision } from '../../../platform/http/index.js';
import type {
  ApplicationCompletenessDto,
  ApplicationDto,
  ApplicationPatchDto,
  ApplicationSummaryDto,
  ListedApplicationDto,
} from './dtos.js';
import type { AppliedVacancyDto } from './vacancy.dto.js';
import type { NotificationDto, TimelineEntryDto } from './timeline.dtos.js';

/** The contract has looked at every id. */
export function patchOf({ documents, ...rest }: ApplicationPatchDto): DraftPatch {
  if (documents === undefined) return rest;
  return { ...rest, documents: documents?.flatMap((id) => parseId<DocumentId>(id) ?? []) ?? null };
}

export function presentListed({ application, vacancy }: ListedApplication): ListedApplicationDto {
  return {
    ...presentSummary(application),
    vacancyTitle: vacancy.title,
    agency: vacancy.agencyName,
    vacancyStatus: vacancy.status,
    deadline: vacancy.deadline.toISOString(),
  };
}

export function presentApplied(vacancy: Vacancy): Revised<AppliedVacancyDto> {
  const { agencyId, agencyName, title, description, department, category, contract, remote } = vacancy;
  const body = {
    id: vacancy.id,
    status: vacancy.status,
    agencyId,
    agency: agencyName,
    title,
    description,
    department,
    category,
    contract,
    remote,
    deadline: vacancy.deadline.toISOString(),
    timeZone: vacancy.timeZone,
    openings: vacancy.openings,
    questions: vacancy.questions.map((question) => ({ ...question, choices: [...question.choices] })),
    requiredDocuments: [...vacancy.requiredDocuments],
    anonymousReview: vacancy.anonymousReview,
  };
  return withRevision(body, vacancy.revision);
}

function presentSummary(application: OwnApplication['application']): ApplicationSummaryDto {
  return {
    id: application.id,
    vacancyId: application.vacancyId,
    agencyId: application.agencyId,
    status: application.status,
    createdAt: application.createdAt.toISOString(),
    submittedAt: application.submittedAt?.toISOString() ?? null,
    answerBy: application.answerBy?.toISOString() ?? null,
    revision: application.revision,
  };
}

export function presentApplication({
  application,
  motivation,
  answers,
  documents,
  unreadable,
}: OwnApplication): Revised<ApplicationDto> {
  const body = {
    ...presentSummary(application),
    motivation,
    answers: answers?.map(({ questionId, value }) => ({ questionId, value })) ?? null,
    documents: documents.map(({ id, kind }) => ({ id, kind })),
    unreadable: [...unreadable],
  };
  return withRevision(body, application.revision);
}

export function presentCompleteness(gaps: readonly FieldError[], locale: Locale): ApplicationCompletenessDto {
  const missing = gaps.map(({ pointer, code, detail }) => ({
    pointer,
    code,
    detail: worded(detail, locale),
  }));
  return { isComplete: missing.length === 0, missing };
}

export function presentTimelineEntry({ event, decision }: TimelineEntry, locale: Locale): TimelineEntryDto {
  const reason = decision?.reason;
  return {
    at: event.at.toISOString(),
    from: event.from,
    to: event.to,
    by: event.by,
    label: worded(STATUS_WORDS[event.to], locale),
    reason: reason ?? null,
    reasonLabel: reason === undefined ? null : worded(REASON_WORDS[reason], locale),
    publicNote: decision?.publicNote ?? null,
    feedback: decision?.feedback ?? null,
    answerBy: decision?.answerBy ?? null,
  };
}

export function presentNotification(
  { event, vacancyId, vacancyTitle }: Notification,
  locale: Locale,
): NotificationDto {
  const { id, applicationId, to, by } = event;
  const at = event.at.toISOString();
  return {
    id,
    at,
    applicationId,
    vacancyId,
    vacancyTitle,
    status: to,
    by,
    label: worded(STATUS_WORDS[to], locale),
  };
}
