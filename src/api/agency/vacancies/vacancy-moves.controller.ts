import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import type { VacancyId } from '../../../kernel/ids.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { Vacancies } from '../../../modules/vacancies/index.js';
import {
  Context,
  Idempotent,
  IfMatch,
  PathId,
  Refuses,
  type Revised,
  type SeenRevisions,
} from '../../../platform/http/index.js';
import { VacancyDto } from './dtos.js';
import { presentRevised } from './presenters.js';

type Agency = RequestContext<AgencyActor>;

/** What happens to a vacancy once it is drafted. */
@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/vacancies/:id')
@UseGuards(AgencyGuard)
export class VacancyMovesController {
  readonly #vacancies: Vacancies;

  constructor(vacancies: Vacancies) {
    this.#vacancies = vacancies;
  }

  @Post('publish')
  @HttpCode(200)
  @Scopes('vacancies:write')
  @Idempotent()
  @Refuses('transition_refused', 'deadline_passed')
  @ApiOperation({ summary: 'Publish it' })
  @ApiOkResponse({ type: VacancyDto })
  async publish(
    @Context() context: Agency,
    @PathId() id: VacancyId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<Revised<VacancyDto>> {
    return presentRevised(await this.#vacancies.move(context, id, revision, 'publish'));
  }

  @Post('close')
  @HttpCode(200)
  @Scopes('vacancies:write')
  @Idempotent()
  @Refuses('transition_refused')
  @ApiOperation({ summary: 'Take no more applications' })
  @ApiOkResponse({ type: VacancyDto })
  async close(
    @Context() context: Agency,
    @PathId() id: VacancyId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<Revised<VacancyDto>> {
    return presentRevised(await this.#vacancies.move(context, id, revision, 'close'));
  }

  @Post('archive')
  @HttpCode(200)
  @Scopes('vacancies:write')
  @Idempotent()
  @Refuses('transition_refused')
  @ApiOperation({ summary: 'End it; undecided applications lapse' })
  @ApiOkResponse({ type: VacancyDto })
  async archive(
    @Context() context: Agency,
    @PathId() id: VacancyId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<Revised<VacancyDto>> {
    return presentRevised(await this.#vacancies.move(context, id, revision, 'archive'));
  }
}
