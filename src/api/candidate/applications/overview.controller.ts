import { Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import type { ApplicationId } from '../../../kernel/ids.js';
import { AppliedVacancies } from '../../../modules/applications/index.js';
import { ApiPage, Context, type Page, PathId, type Revised } from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { ListedApplicationDto, OwnApplicationsQuery } from './dtos.js';
import { presentApplied, presentListed } from './presenters.js';
import { AppliedVacancyDto } from './vacancy.dto.js';

type Candidate = RequestContext<CandidateActor>;

@CandidateRoutes('applications', 'Applications')
export class OverviewController {
  readonly #vacancies: AppliedVacancies;

  constructor(vacancies: AppliedVacancies) {
    this.#vacancies = vacancies;
  }

  @Get()
  @ApiOperation({ summary: 'One’s applications, newest first' })
  @ApiPage(ListedApplicationDto)
  async list(
    @Context() context: Candidate,
    @Query() query: OwnApplicationsQuery,
  ): Promise<Page<ListedApplicationDto>> {
    return (await this.#vacancies.list(context, query)).map(presentListed);
  }

  @Get(':id/vacancy')
  @ApiOperation({ summary: 'What an application was made for, as it is now, published or not' })
  @ApiOkResponse({ type: AppliedVacancyDto })
  async vacancy(
    @Context() context: Candidate,
    @PathId() id: ApplicationId,
  ): Promise<Revised<AppliedVacancyDto>> {
    return presentApplied(await this.#vacancies.one(context, id));
  }
}
