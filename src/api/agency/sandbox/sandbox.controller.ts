import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import type { ApplicationId } from '../../../kernel/ids.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { SandboxApplications } from '../../../modules/applications/index.js';
import {
  Context,
  Idempotent,
  IfMatch,
  PathId,
  Refuses,
  type Revised,
  type SeenRevisions,
  withRevision,
} from '../../../platform/http/index.js';
import { ReceivedDto } from '../applications/dtos.js';
import { presentReceived } from '../applications/presenters.js';
import { CandidateTransitionDto } from './sandbox.dtos.js';

/** What only a sandbox can do. To any other agency there is nothing here. */
@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/sandbox/applications/:id')
@UseGuards(AgencyGuard)
export class SandboxController {
  readonly #applications: SandboxApplications;

  constructor(applications: SandboxApplications) {
    this.#applications = applications;
  }

  @Post('transitions')
  @HttpCode(200)
  @Scopes('applications:decide')
  @Idempotent()
  @Refuses('transition_refused', 'deadline_passed')
  @ApiOperation({
    summary: 'In a sandbox only: what the candidate does, who accepts or declines an offer or withdraws',
  })
  @ApiOkResponse({ type: ReceivedDto })
  async move(
    @Context() context: RequestContext<AgencyActor>,
    @PathId() id: ApplicationId,
    @IfMatch() revision: SeenRevisions,
    @Body() { to }: CandidateTransitionDto,
  ): Promise<Revised<ReceivedDto>> {
    const moved = await this.#applications.move(context, id, revision, to);
    return withRevision(presentReceived(moved), moved.application.revision);
  }
}
