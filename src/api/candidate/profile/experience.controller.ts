import { Body, Delete, Get, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { EXPERIENCE, Entries } from '../../../modules/candidates/index.js';
import * as http from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { ExperienceBody, ExperienceDto } from './entry.dtos.js';
import { presentEntry, presentRevised } from './presenters.js';

type Candidate = RequestContext<CandidateActor>;
type Answer = Promise<http.Revised<ExperienceDto>>;

@CandidateRoutes('profile/experience', 'Profile')
export class ExperienceController {
  readonly #entries: Entries;

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  @Get()
  @ApiOperation({ summary: 'One’s experience, newest first' })
  @http.ApiPage(ExperienceDto)
  async list(
    @http.Context() context: Candidate,
    @Query() query: http.PageQuery,
  ): Promise<http.Page<ExperienceDto>> {
    return (await this.#entries.list(context, EXPERIENCE, query)).map(presentEntry);
  }

  @Post()
  @http.Idempotent()
  @http.Refuses('list_full')
  @ApiOperation({ summary: 'Add an experience' })
  @ApiCreatedResponse({ type: ExperienceDto })
  async add(
    @http.Context() context: Candidate,
    @Body() body: ExperienceBody,
    @Res({ passthrough: true }) reply: http.Reply,
  ): Answer {
    const entry = await this.#entries.add(context, EXPERIENCE, body);
    reply.header('location', `/v1/me/profile/experience/${entry.id}`);
    return presentRevised(entry);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an experience' })
  @ApiOkResponse({ type: ExperienceDto })
  async read(@http.Context() context: Candidate, @http.PathId() id: string): Answer {
    return presentRevised(await this.#entries.read(context, EXPERIENCE, id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Replace an experience' })
  @ApiOkResponse({ type: ExperienceDto })
  async replace(
    @http.Context() context: Candidate,
    @http.PathId() id: string,
    @http.IfMatch() revision: http.SeenRevisions,
    @Body() body: ExperienceBody,
  ): Answer {
    return presentRevised(await this.#entries.replace(context, EXPERIENCE, id, revision, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an experience' })
  @ApiNoContentResponse()
  remove(
    @http.Context() context: Candidate,
    @http.PathId() id: string,
    @http.IfMatch() revision: http.SeenRevisions,
  ): Promise<void> {
    return this.#entries.remove(context, EXPERIENCE, id, revision);
  }
}
