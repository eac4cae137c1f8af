import { Body, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { OwnDiversity, type ReadDiversity } from '../../../modules/candidates/index.js';
import {
  Context,
  IfMatch,
  Refuses,
  type Revised,
  type SeenRevisions,
  withRevision,
} from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { DiversityBody, DiversityDto } from './diversity.dto.js';

type Candidate = RequestContext<CandidateActor>;

@CandidateRoutes('diversity', 'Profile')
export class DiversityController {
  readonly #diversity: OwnDiversity;

  constructor(diversity: OwnDiversity) {
    this.#diversity = diversity;
  }

  @Get()
  @ApiOperation({
    summary:
      'One’s answers for equality: optional, apart from every application, told to agencies as counts of ten or more only',
  })
  @ApiOkResponse({ type: DiversityDto })
  async read(@Context() context: Candidate): Promise<Revised<DiversityDto>> {
    return present(await this.#diversity.read(context));
  }

  @Put()
  @ApiOperation({ summary: 'Answer, or answer anew; without answers the ETag is "r0"' })
  @ApiOkResponse({ type: DiversityDto })
  async replace(
    @Context() context: Candidate,
    @IfMatch() revision: SeenRevisions,
    @Body() body: DiversityBody,
  ): Promise<Revised<DiversityDto>> {
    return present(await this.#diversity.replace(context, revision, body));
  }

  @Delete()
  @HttpCode(204)
  @Refuses('not_found')
  @ApiOperation({ summary: 'Take the answers back: they are deleted, and in no count from then on' })
  @ApiNoContentResponse()
  remove(@Context() context: Candidate, @IfMatch() revision: SeenRevisions): Promise<void> {
    return this.#diversity.remove(context, revision);
  }
}

function present({ answers, revision, updatedAt }: ReadDiversity): Revised<DiversityDto> {
  const { sex = null, ageBand = null, disability = null } = answers ?? {};
  const body = {
    sex,
    ageBand,
    disability,
    updatedAt: updatedAt?.toISOString() ?? null,
    unreadable: answers === null,
  };
  return withRevision(body, revision);
}
