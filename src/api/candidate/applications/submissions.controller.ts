import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import type { ApplicationId } from '../../../kernel/ids.js';
import { Submissions } from '../../../modules/applications/index.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import {
  ApiPage,
  Context,
  Idempotent,
  IfMatch,
  Page,
  PathId,
  Refuses,
  type Revised,
  type SeenRevisions,
} from '../../../platform/http/index.js';
import { ApplicationCompletenessDto, ApplicationDto, TimelineEntryDto } from './dtos.js';
import { presentApplication, presentCompleteness, presentTimelineEntry } from './presenters.js';

type Candidate = RequestContext<CandidateActor>;

@ApiTags('Applications')
@ApiBearerAuth('session')
@Controller('v1/me/applications/:id')
@UseGuards(SessionGuard)
@Roles('candidate')
export class SubmissionsController {
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

  @Post('submit')
  @HttpCode(200)
  @Idempotent({ required: true })
  @Refuses(
    'application_incomplete',
    'application_not_editable',
    'deadline_passed',
    'document_quarantined',
    'vacancy_not_open',
  )
  @ApiOperation({ summary: 'Submit: the profile is frozen as it is now' })
  @ApiOkResponse({ type: ApplicationDto })
  async submit(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<Revised<ApplicationDto>> {
    return presentApplication(await this.#submissions.submit(context, id, revision));
  }

  @Post('withdraw')
  @HttpCode(200)
  @Idempotent()
  @Refuses('transition_refused')
  @ApiOperation({ summary: 'Withdraw' })
  @ApiOkResponse({ type: ApplicationDto })
  async withdraw(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<Revised<ApplicationDto>> {
    return presentApplication(await this.#submissions.move(context, id, revision, 'withdrawn'));
  }

  @Post('accept')
  @HttpCode(200)
  @Idempotent()
  @Refuses('transition_refused', 'deadline_passed')
  @ApiOperation({ summary: 'Accept the offer' })
  @ApiOkResponse({ type: ApplicationDto })
  async accept(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<Revised<ApplicationDto>> {
    return presentApplication(await this.#submissions.move(context, id, revision, 'accepted'));
  }

  @Post('decline')
  @HttpCode(200)
  @Idempotent()
  @Refuses('transition_refused', 'deadline_passed')
  @ApiOperation({ summary: 'Decline the offer' })
  @ApiOkResponse({ type: ApplicationDto })
  async decline(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<Revised<ApplicationDto>> {
    return presentApplication(await this.#submissions.move(context, id, revision, 'declined'));
  }

  @Get('timeline')
  @ApiOperation({ summary: 'Every change, oldest first' })
  @ApiPage(TimelineEntryDto)
  async timeline(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
  ): Promise<Page<TimelineEntryDto>> {
    return new Page((await this.#submissions.timeline(context, id)).map(presentTimelineEntry), null);
  }
}
