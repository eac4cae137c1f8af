import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { VacancyId } from '../../kernel/ids.js';
import { PublicVacancies, type Vacancy } from '../../modules/vacancies/index.js';
import { ApiPage, Cacheable, type Page, PathId, RateLimit } from '../../platform/http/index.js';
import { PublicVacancyDto, VacancyCountsDto, VacancyFilterQuery, VacancyQuery } from './vacancy.dtos.js';

const FRESH_SECONDS = 60;

@ApiTags('Vacancies')
@Controller('v1/vacancies')
export class VacanciesController {
  readonly #vacancies: PublicVacancies;

  constructor(vacancies: PublicVacancies) {
    this.#vacancies = vacancies;
  }

  @Get()
  @Cacheable(FRESH_SECONDS)
  @RateLimit('public_search')
  @ApiOperation({
    summary: 'Vacancies that are open, newest first; with words, those with all of them in their title first',
  })
  @ApiPage(PublicVacancyDto)
  async list(@Query() { limit, cursor, ...filter }: VacancyQuery): Promise<Page<PublicVacancyDto>> {
    const page = await this.#vacancies.list(filter, cursor === undefined ? { limit } : { limit, cursor });
    return page.map(present);
  }

  @Get('counts')
  @Cacheable(FRESH_SECONDS)
  @RateLimit('public_search')
  @ApiOperation({
    summary: 'How many vacancies a list has, by department, category, contract and remote work',
  })
  @ApiOkResponse({ type: VacancyCountsDto })
  async counts(@Query() filter: VacancyFilterQuery): Promise<VacancyCountsDto> {
    const { total, department, category, contract, remote } = await this.#vacancies.counts(filter);
    return {
      total,
      department: [...department],
      category: [...category],
      contract: [...contract],
      remote: [...remote],
    };
  }

  @Get(':id')
  @Cacheable(FRESH_SECONDS)
  @ApiOperation({ summary: 'One published vacancy' })
  @ApiOkResponse({ type: PublicVacancyDto })
  async one(@PathId() id: VacancyId): Promise<PublicVacancyDto> {
    return present(await this.#vacancies.one(id));
  }
}

function present(vacancy: Vacancy): PublicVacancyDto {
  return {
    id: vacancy.id,
    agencyId: vacancy.agencyId,
    agency: vacancy.agencyName,
    title: vacancy.title,
    description: vacancy.description,
    department: vacancy.department,
    category: vacancy.category,
    contract: vacancy.contract,
    remote: vacancy.remote,
    deadline: vacancy.deadline.toISOString(),
    timeZone: vacancy.timeZone,
    openings: vacancy.openings,
    questions: vacancy.questions.map(({ id, label, kind, required, choices }) => ({
      id,
      label,
      kind,
      required,
      choices: [...choices],
    })),
    requiredDocuments: [...vacancy.requiredDocuments],
    anonymousReview: vacancy.anonymousReview,
    publishedAt: vacancy.publishedAt?.toISOString() ?? null,
  };
}
