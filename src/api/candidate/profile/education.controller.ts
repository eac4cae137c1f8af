import { Body, Delete, Get, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { EDUCATION, Entries } from '../../../modules/candidates/index.js';
import * as http from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { EducationBody, EducationDto } from './entry.dtos.js';
import { presentEntry, presentRevised } from './presenters.js';

type Candidate = RequestContext<CandidateActor>;
type Answer = Promise<http.Revised<EducationDto>>;

@CandidateRoutes('profile/education', 'Profile')
export class EducationController {
  readonly #entries: Entries;

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  @Get()
  @ApiOperation({ summary: 'One’s education, newest first' })
  @http.ApiPage(EducationDto)
  async list(
    @http.Context() context: Candidate,
    @Query() query: http.PageQuery,
  ): Promise<http.Page<EducationDto>> {
    return (await this.#entries.list(context, EDUCATION, query)).map(presentEntry);
  }

  @Post()
  @http.Idempotent()
  @http.Refuses('list_full')
  @ApiOperation({ summary: 'Add an education' })
  @ApiCreatedResponse({ type: EducationDto })
  async add(
    @http.Context() context: Candidate,
    @Body() body: EducationBody,
    @Res({ passthrough: true }) reply: http.Reply,
  ): Answer {
    const entry = await this.#entries.add(context, EDUCATION, body);
    reply.header('location', `/v1/me/profile/education/${entry.id}`);
    return presentRevised(entry);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an education' })
  @ApiOkResponse({ type: EducationDto })
  async read(@http.Context() context: Candidate, @http.PathId() id: string): Answer {
    return presentRevised(await this.#entries.read(context, EDUCATION, id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Replace an education' })
  @ApiOkResponse({ type: EducationDto })
  async replace(
    @http.Context() context: Candidate,
    @http.PathId() id: string,
    @http.IfMatch() revision: http.SeenRevisions,
    @Body() body: EducationBody,
  ): Answer {
    return presentRevised(await this.#entries.replace(context, EDUCATION, id, revision, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an education' })
  @ApiNoContentResponse()
  remove(
    @http.Context() context: Candidate,
    @http.PathId() id: string,
    @http.IfMatch() revision: http.SeenRevisions,
  ): Promise<void> {
    return this.#entries.remove(context, EDUCATION, id, revision);
  }
}
