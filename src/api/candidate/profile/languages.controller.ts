import { Body, Delete, Get, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { LANGUAGES, Entries } from '../../../modules/candidates/index.js';
import * as http from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { LanguageBody, LanguageDto } from './entry.dtos.js';
import { presentEntry, presentRevised } from './presenters.js';

type Candidate = RequestContext<CandidateActor>;
type Answer = Promise<http.Revised<LanguageDto>>;

@CandidateRoutes('profile/languages', 'Profile')
export class LanguageController {
  readonly #entries: Entries;

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  @Get()
  @ApiOperation({ summary: 'One’s languages, the one added last first' })
  @http.ApiPage(LanguageDto)
  async list(
    @http.Context() context: Candidate,
    @Query() query: http.PageQuery,
  ): Promise<http.Page<LanguageDto>> {
    return (await this.#entries.list(context, LANGUAGES, query)).map(presentEntry);
  }

  @Post()
  @http.Idempotent()
  @http.Refuses('list_full')
  @ApiOperation({ summary: 'Add a language' })
  @ApiCreatedResponse({ type: LanguageDto })
  async add(
    @http.Context() context: Candidate,
    @Body() body: LanguageBody,
    @Res({ passthrough: true }) reply: http.Reply,
  ): Answer {
    const entry = await this.#entries.add(context, LANGUAGES, body);
    reply.header('location', `/v1/me/profile/languages/${entry.id}`);
    return presentRevised(entry);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a language' })
  @ApiOkResponse({ type: LanguageDto })
  async read(@http.Context() context: Candidate, @http.PathId() id: string): Answer {
    return presentRevised(await this.#entries.read(context, LANGUAGES, id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Replace a language' })
  @ApiOkResponse({ type: LanguageDto })
  async replace(
    @http.Context() context: Candidate,
    @http.PathId() id: string,
    @http.IfMatch() revision: http.SeenRevisions,
    @Body() body: LanguageBody,
  ): Answer {
    return presentRevised(await this.#entries.replace(context, LANGUAGES, id, revision, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a language' })
  @ApiNoContentResponse()
  remove(
    @http.Context() context: Candidate,
    @http.PathId() id: string,
    @http.IfMatch() revision: http.SeenRevisions,
  ): Promise<void> {
    return this.#entries.remove(context, LANGUAGES, id, revision);
  }
}
