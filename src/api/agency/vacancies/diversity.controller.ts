import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import type { VacancyId } from '../../../kernel/ids.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { AgencyDiversity } from '../../../modules/applications/index.js';
import { Context, PathId } from '../../../platform/http/index.js';
import { DiversityFiguresDto } from './diversity.dto.js';

@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/vacancies/:id/diversity')
@UseGuards(AgencyGuard)
export class VacancyDiversityController {
  readonly #diversity: AgencyDiversity;

  constructor(diversity: AgencyDiversity) {
    this.#diversity = diversity;
  }

  @Get()
  @Scopes('vacancies:read')
  @ApiOperation({
    summary: 'Who applied, for equality’s sake: counts of ten or more, once the vacancy is archived',
  })
  @ApiOkResponse({ type: DiversityFiguresDto })
  async read(
    @Context() context: RequestContext<AgencyActor>,
    @PathId() id: VacancyId,
  ): Promise<DiversityFiguresDto> {
    const { state, countedAt, questions } = await this.#diversity.read(context, id);
    return {
      state,
      countedAt: countedAt?.toISOString() ?? null,
      questions: questions.map(({ question, counts }) => ({ question, counts: [...counts] })),
    };
  }
}
