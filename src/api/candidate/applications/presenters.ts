import type { OwnApplication, TimelineEntry } from '../../../modules/applications/index.js';
import { type Revised, withRevision } from '../../../platform/http/index.js';
import type { ApplicationDto, ApplicationSummaryDto, TimelineEntryDto } from './dtos.js';

export function presentSummary(application: OwnApplication['application']): ApplicationSummaryDto {
  return {
    id: application.id,
    vacancyId: application.vacancyId,
    agencyId: application.agencyId,
    status: application.status,
    createdAt: application.createdAt.toISOString(),
    submittedAt: application.submittedAt?.toISOString() ?? null,
    revision: application.revision,
  };
}

export function presentApplication({
  application,
  motivation,
  answers,
  unreadable,
}: OwnApplication): Revised<ApplicationDto> {
  const body = {
    ...presentSummary(application),
    motivation,
    answers: answers?.map(({ questionId, value }) => ({ questionId, value })) ?? null,
    unreadable: [...unreadable],
  };
  return withRevision(body, application.revision);
}

export function presentTimelineEntry({ event, note }: TimelineEntry): TimelineEntryDto {
  return {
    at: event.at.toISOString(),
    from: event.from,
    to: event.to,
    by: event.by,
    reason: event.reason,
    publicNote: note,
  };
}
