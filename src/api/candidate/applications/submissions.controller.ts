import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import type { ApplicationId } from '../../../kernel/ids.js';
import { Submissions } from '../../../modules/applications/index.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import {
  Context,
  Idempotent,
  IfMatch,
  PathId,
  Refuses,
  type Revised,
  type SeenRevisions,
} from '../../../platform/http/index.js';
import { ApplicationDto } from './dtos.js';
import { presentApplication } from './presenters.js';

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
}
