import { Body, Controller, Get, Patch, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import type { VacancyId } from '../../../kernel/ids.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { Vacancies, VacancyLookup } from '../../../modules/vacancies/index.js';
import {
  ApiPage,
  Context,
  Idempotent,
  IfMatch,
  type Page,
  PageQuery,
  PathId,
  Refuses,
  type Reply,
  type Revised,
  type SeenRevisions,
} from '../../../platform/http/index.js';
import { NewVacancyDto, VacancyDto, VacancyPatchDto } from './dtos.js';
import { changesOf, presentRevised, presentVacancy, wishOf } from './presenters.js';

type Agency = RequestContext<AgencyActor>;

@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/vacancies')
@UseGuards(AgencyGuard)
export class AgencyVacanciesController {
  readonly #vacancies: Vacancies;
  readonly #lookup: VacancyLookup;

  constructor(vacancies: Vacancies, lookup: VacancyLookup) {
    this.#vacancies = vacancies;
    this.#lookup = lookup;
  }

  @Get()
  @Scopes('vacancies:read')
  @ApiOperation({ summary: 'The agency’s vacancies, newest first' })
  @ApiPage(VacancyDto)
  async list(@Context() context: Agency, @Query() query: PageQuery): Promise<Page<VacancyDto>> {
    return (await this.#lookup.own(context, query)).map(presentVacancy);
  }

  @Post()
  @Scopes('vacancies:write')
  @Idempotent()
  @ApiOperation({ summary: 'Draft a vacancy' })
  @ApiCreatedResponse({ type: VacancyDto })
  async create(
    @Context() context: Agency,
    @Body() body: NewVacancyDto,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Revised<VacancyDto>> {
    const vacancy = await this.#vacancies.create(context, wishOf(body));
    reply.header('location', `/v1/agency/vacancies/${vacancy.id}`);
    return presentRevised(vacancy);
  }

  @Get(':id')
  @Scopes('vacancies:read')
  @ApiOperation({ summary: 'One vacancy of the agency' })
  @ApiOkResponse({ type: VacancyDto })
  async one(@Context() context: Agency, @PathId() id: VacancyId): Promise<Revised<VacancyDto>> {
    return presentRevised(await this.#lookup.ownOne(context, id));
  }

  @Patch(':id')
  @Scopes('vacancies:write')
  @Refuses('conflict')
  @ApiOperation({ summary: 'Change a vacancy, as far as no candidate is misled' })
  @ApiOkResponse({ type: VacancyDto })
  async change(
    @Context() context: Agency,
    @PathId() id: VacancyId,
    @IfMatch() revision: SeenRevisions,
    @Body() body: VacancyPatchDto,
  ): Promise<Revised<VacancyDto>> {
    return presentRevised(await this.#vacancies.change(context, id, revision, changesOf(body)));
  }
}
