import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import { Impact, type IncidentId } from '../../../modules/incidents/index.js';
import { ApiPage, Context, type Page, PageQuery, PathId, Refuses } from '../../../platform/http/index.js';
import { AffectedDto, ImpactDto, ProvenEntryDto } from './impact.dtos.js';
import { presentAffected, presentEntry, presentImpact } from './presenters.js';

type Operator = RequestContext<OperatorActor>;

/** Whose data an incident affects, by the signed ledger: under pseudonyms, with no field’s content. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/incidents/:id')
@Roles('operator')
@UseGuards(SessionGuard)
export class ImpactController {
  readonly #impact: Impact;

  constructor(impact: Impact) {
    this.#impact = impact;
  }

  @Get('impact')
  @Refuses('conflict')
  @ApiOperation({ summary: 'How many candidates an incident affects, which fields, and when' })
  @ApiOkResponse({ type: ImpactDto })
  async total(@Context() context: Operator, @PathId() id: IncidentId): Promise<ImpactDto> {
    return presentImpact(await this.#impact.total(context, id));
  }

  @Get('affected')
  @Refuses('conflict')
  @ApiOperation({ summary: 'The candidates affected, by their pseudonyms' })
  @ApiPage(AffectedDto)
  async affected(
    @Context() context: Operator,
    @PathId() id: IncidentId,
    @Query() query: PageQuery,
  ): Promise<Page<AffectedDto>> {
    return (await this.#impact.affected(context, id, query)).map(presentAffected);
  }

  @Get('entries')
  @Refuses('conflict')
  @ApiOperation({ summary: 'The entries that gave something away, newest first, each with its proof' })
  @ApiPage(ProvenEntryDto)
  async entries(
    @Context() context: Operator,
    @PathId() id: IncidentId,
    @Query() query: PageQuery,
  ): Promise<Page<ProvenEntryDto>> {
    return (await this.#impact.entries(context, id, query)).map(presentEntry);
  }
}
