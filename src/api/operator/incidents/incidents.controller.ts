import { Body, Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import {
  ApiBody,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import { Roles, SessionGuard, StepUp } from '../../../modules/identity/index.js';
import { type IncidentId, Incidents } from '../../../modules/incidents/index.js';
import {
  ApiPage,
  Context,
  Idempotent,
  type Page,
  PageQuery,
  PathId,
  Refuses,
  type Revised,
  withRevision,
} from '../../../platform/http/index.js';
import {
  ClosingDto,
  CreatedIncidentDto,
  IncidentDto,
  ListedIncidentDto,
  NEW_INCIDENT_EXAMPLES,
  NewIncidentDto,
} from './incidents.dtos.js';
import { presentIncident, presentListed } from './presenters.js';

type Operator = RequestContext<OperatorActor>;

/** Incidents, from what is known of them to what they came to. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/incidents')
@Roles('operator')
export class IncidentsController {
  readonly #incidents: Incidents;

  constructor(incidents: Incidents) {
    this.#incidents = incidents;
  }

  @Get()
  @UseGuards(SessionGuard)
  @ApiOperation({ summary: 'Incidents, newest first' })
  @ApiPage(ListedIncidentDto)
  async list(
    @Context() context: Operator,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<Page<ListedIncidentDto>> {
    return (await this.#incidents.list(context, limit, cursor)).map(presentListed);
  }

  @Post()
  @StepUp()
  @Idempotent()
  @ApiOperation({
    summary: 'Open an incident from what is known of it',
    description: 'At least one criterion; every one that is named has to hold of an entry for it to count.',
  })
  @ApiBody({ type: NewIncidentDto, examples: NEW_INCIDENT_EXAMPLES })
  @ApiCreatedResponse({ type: CreatedIncidentDto })
  open(
    @Context() context: Operator,
    @Body() { title, noticedAt, ...criteria }: NewIncidentDto,
  ): Promise<CreatedIncidentDto> {
    const known = noticedAt === undefined ? {} : { noticedAt: new Date(noticedAt) };
    return this.#incidents.open(context, { title, criteria, ...known });
  }

  @Get(':id')
  @UseGuards(SessionGuard)
  @Refuses('conflict')
  @ApiOperation({ summary: 'One incident' })
  @ApiOkResponse({ type: IncidentDto })
  async one(@Context() context: Operator, @PathId() id: IncidentId): Promise<Revised<IncidentDto>> {
    const incident = await this.#incidents.one(context, id);
    return withRevision(presentIncident(incident), incident.revision);
  }

  @Post(':id/close')
  @HttpCode(204)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({
    summary: 'Close an incident with what it came to',
    description:
      'Refused (409) while people have not been told, letters on their way included, unless `leaveUntold` says so. Of those whose mail was refused `toldOtherwise` is enough. What was said of how many stands in the ledger. Refused as well, whatever is said, while entries are on their way to the ledger’s tree: whom they affect is not known yet.',
  })
  @ApiNoContentResponse()
  close(@Context() context: Operator, @PathId() id: IncidentId, @Body() closing: ClosingDto): Promise<void> {
    return this.#incidents.close(context, id, closing);
  }
}
