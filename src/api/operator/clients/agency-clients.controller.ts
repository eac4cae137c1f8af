import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { ClientRegister, Clients, readKeySet } from '../../../modules/agencies/index.js';
import { Roles, SessionGuard, StepUp } from '../../../modules/identity/index.js';
import { ApiPage, Context, Idempotent, Page, PathId } from '../../../platform/http/index.js';
import { ClientDto, CreatedClientDto, NewClientDto } from './clients.dtos.js';
import { presentClient } from './presenters.js';

type Operator = RequestContext<OperatorActor>;

/** The OAuth clients of one agency. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/agencies/:id/clients')
@Roles('operator')
export class AgencyClientsController {
  readonly #clients: Clients;
  readonly #register: ClientRegister;

  constructor(clients: Clients, register: ClientRegister) {
    this.#clients = clients;
    this.#register = register;
  }

  @Get()
  @UseGuards(SessionGuard)
  @ApiOperation({ summary: 'The agency’s OAuth clients, oldest first' })
  @ApiPage(ClientDto)
  async list(@Context() context: Operator, @PathId() id: AgencyId): Promise<Page<ClientDto>> {
    return new Page((await this.#register.of(context, id)).map(presentClient), null);
  }

  @Post()
  @StepUp()
  @Idempotent()
  @ApiOperation({ summary: 'Register an OAuth client of the agency from its public keys' })
  @ApiCreatedResponse({ type: CreatedClientDto })
  async create(
    @Context() context: Operator,
    @PathId() id: AgencyId,
    @Body() { jwks, possession = 'dpop', ...client }: NewClientDto,
  ): Promise<CreatedClientDto> {
    return this.#clients.create(context, id, { ...client, possession, jwks: readKeySet(jwks) });
  }
}
