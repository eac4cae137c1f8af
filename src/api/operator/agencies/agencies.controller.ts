import { Body, Controller, Get, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Agencies, AgencyRegister } from '../../../modules/agencies/index.js';
import { Roles, SessionGuard, StepUp } from '../../../modules/identity/index.js';
import {
  ApiPage,
  Context,
  Idempotent,
  type Page,
  PageQuery,
  PathId,
  type Revised,
  withRevision,
} from '../../../platform/http/index.js';
import { AgencyDto, CreatedAgencyDto, NewAgencyDto } from './agencies.dtos.js';
import { presentAgency } from './presenters.js';

type Operator = RequestContext<OperatorActor>;

/** An agency never changes once it is there. */
const ONLY_REVISION = 1;

/** Recruiting agencies. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/agencies')
@Roles('operator')
export class AgenciesController {
  readonly #agencies: Agencies;
  readonly #register: AgencyRegister;

  constructor(agencies: Agencies, register: AgencyRegister) {
    this.#agencies = agencies;
    this.#register = register;
  }

  @Get()
  @UseGuards(SessionGuard)
  @ApiOperation({ summary: 'Agencies, newest first' })
  @ApiPage(AgencyDto)
  async list(@Context() context: Operator, @Query() { limit, cursor }: PageQuery): Promise<Page<AgencyDto>> {
    return (await this.#register.list(context, limit, cursor)).map(presentAgency);
  }

  @Post()
  @StepUp()
  @Idempotent()
  @ApiOperation({ summary: 'Create an agency' })
  @ApiCreatedResponse({ type: CreatedAgencyDto })
  async create(
    @Context() context: Operator,
    @Body() { name, sandbox = false }: NewAgencyDto,
  ): Promise<CreatedAgencyDto> {
    const mode = sandbox ? 'sandbox' : 'live';
    return { id: (await this.#agencies.create(context, { name, mode })).id };
  }

  @Get(':id')
  @UseGuards(SessionGuard)
  @ApiOperation({ summary: 'One agency' })
  @ApiOkResponse({ type: AgencyDto })
  async one(@Context() context: Operator, @PathId() id: AgencyId): Promise<Revised<AgencyDto>> {
    return withRevision(presentAgency(await this.#register.one(context, id)), ONLY_REVISION);
  }
}
