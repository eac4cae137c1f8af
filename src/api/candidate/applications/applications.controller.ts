import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import type { ApplicationId } from '../../../kernel/ids.js';
import { OwnApplications } from '../../../modules/applications/index.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import {
  Context,
  Idempotent,
  IfMatch,
  PathId,
  PrefersMinimal,
  Refuses,
  type Reply,
  type Revised,
  type SeenRevisions,
  withRevision,
} from '../../../platform/http/index.js';
import { ApplicationDto, ApplicationPatchDto, NewApplicationDto } from './dtos.js';
import { patchOf, presentApplication } from './presenters.js';

type Candidate = RequestContext<CandidateActor>;

@ApiTags('Applications')
@ApiBearerAuth('session')
@Controller('v1/me/applications')
@UseGuards(SessionGuard)
@Roles('candidate')
export class OwnApplicationsController {
  readonly #applications: OwnApplications;

  constructor(applications: OwnApplications) {
    this.#applications = applications;
  }

  @Post()
  @Idempotent()
  @Refuses('application_exists', 'reapplication_refused', 'deadline_passed', 'vacancy_not_open')
  @ApiOperation({ summary: 'Begin an application' })
  @ApiCreatedResponse({ type: ApplicationDto })
  async create(
    @Context() context: Candidate,
    @Body() body: NewApplicationDto,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Revised<ApplicationDto>> {
    const created = await this.#applications.create(context, body.vacancyId);
    reply.header('location', `/v1/me/applications/${created.application.id}`);
    return presentApplication(created);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One application' })
  @ApiOkResponse({ type: ApplicationDto })
  async one(@Context() context: Candidate, @PathId() id: ApplicationId): Promise<Revised<ApplicationDto>> {
    return presentApplication(await this.#applications.one(context, id));
  }

  @Patch(':id')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @Refuses('application_not_editable')
  @ApiOperation({ summary: 'Change a draft (RFC 7396): what is left out stays, null empties' })
  @ApiOkResponse({ type: ApplicationDto })
  @ApiNoContentResponse({ description: 'As preferred: the new ETag only' })
  async change(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
    @IfMatch() revision: SeenRevisions,
    @PrefersMinimal() isMinimal: boolean,
    @Body() body: ApplicationPatchDto,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Revised<ApplicationDto | undefined>> {
    const changed = await this.#applications.change(context, id, revision, patchOf(body));
    if (!isMinimal) return presentApplication(await this.#applications.open(context, changed));
    reply.status(204).header('preference-applied', 'return=minimal');
    return withRevision(undefined, changed.revision);
  }

  @Delete(':id')
  @HttpCode(204)
  @Refuses('application_not_editable')
  @ApiOperation({ summary: 'Delete a draft' })
  @ApiNoContentResponse()
  remove(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<void> {
    return this.#applications.remove(context, id, revision);
  }
}
