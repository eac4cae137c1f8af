import { Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import type { ApplicationId } from '../../../kernel/ids.js';
import { Submissions } from '../../../modules/applications/index.js';
import { ApiPage, Context, Page, PathId, Refuses } from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { ApplicationCompletenessDto } from './dtos.js';
import { presentCompleteness, presentTimelineEntry } from './presenters.js';
import { TimelineEntryDto } from './timeline.dtos.js';

type Candidate = RequestContext<CandidateActor>;

/** How far an application has come: before it is submitted, and afterwards. */
@CandidateRoutes('applications/:id', 'Applications')
export class ProgressController {
  readonly #submissions: Submissions;

  constructor(submissions: Submissions) {
    this.#submissions = submissions;
  }

  @Get('completeness')
  @Refuses('application_not_editable', 'deadline_passed', 'vacancy_not_open')
  @ApiOperation({ summary: 'What a draft lacks before it can be submitted, the profile included' })
  @ApiOkResponse({ type: ApplicationCompletenessDto })
  async completeness(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
  ): Promise<ApplicationCompletenessDto> {
    return presentCompleteness(await this.#submissions.gaps(context, id), context.locale);
  }

  @Get('timeline')
  @ApiOperation({ summary: 'Every change, oldest first' })
  @ApiPage(TimelineEntryDto)
  async timeline(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
  ): Promise<Page<TimelineEntryDto>> {
    const entries = await this.#submissions.timeline(context, id);
    return new Page(
      entries.map((entry) => presentTimelineEntry(entry, context.locale)),
      null,
    );
  }
}
