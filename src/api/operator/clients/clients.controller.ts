import { Body, Controller, Get, HttpCode, Patch, Post, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import type { ClientId } from '../../../kernel/ids.js';
import { ClientChanges, ClientRegister, Clients, readKeySet } from '../../../modules/agencies/index.js';
import { Roles, SessionGuard, StepUp } from '../../../modules/identity/index.js';
import {
  Context,
  IfMatch,
  PathId,
  Refuses,
  type Revised,
  type SeenRevisions,
} from '../../../platform/http/index.js';
import { ClientDto, ClientKeysDto, ClientPatchDto } from './clients.dtos.js';
import { presentRevised } from './presenters.js';

type Operator = RequestContext<OperatorActor>;

/** What becomes of an OAuth client once it is registered. Every change counts from its next request on. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/clients/:id')
@Roles('operator')
export class ClientsController {
  readonly #clients: Clients;
  readonly #changes: ClientChanges;
  readonly #register: ClientRegister;

  constructor(clients: Clients, changes: ClientChanges, register: ClientRegister) {
    this.#clients = clients;
    this.#changes = changes;
    this.#register = register;
  }

  @Get()
  @UseGuards(SessionGuard)
  @ApiOperation({ summary: 'One OAuth client with its status, scopes and keys' })
  @ApiOkResponse({ type: ClientDto })
  async one(@Context() context: Operator, @PathId() id: ClientId): Promise<Revised<ClientDto>> {
    return presentRevised(await this.#register.one(context, id));
  }

  @Patch()
  @StepUp()
  @Refuses('conflict', 'sealed_value_unreadable')
  @ApiOperation({
    summary: 'Rename a client or change its scopes',
    description: 'Tokens that are out lose the scopes that are taken away, and gain none.',
  })
  @ApiOkResponse({ type: ClientDto })
  async change(
    @Context() context: Operator,
    @PathId() id: ClientId,
    @IfMatch() revision: SeenRevisions,
    @Body() { name, scopes }: ClientPatchDto,
  ): Promise<Revised<ClientDto>> {
    const changes = {
      ...(name === undefined ? {} : { name }),
      ...(scopes === undefined ? {} : { scopes }),
    };
    await this.#changes.change(context, { id, revision }, changes);
    return presentRevised(await this.#register.one(context, id));
  }

  @Put('keys')
  @StepUp()
  @Refuses('conflict', 'sealed_value_unreadable')
  @ApiOperation({
    summary: 'Give a client new keys',
    description: 'Old and new ones count until the moment that is named, from then on the new ones only.',
  })
  @ApiOkResponse({ type: ClientDto })
  async replaceKeys(
    @Context() context: Operator,
    @PathId() id: ClientId,
    @IfMatch() revision: SeenRevisions,
    @Body() { jwks, oldKeysUntil }: ClientKeysDto,
  ): Promise<Revised<ClientDto>> {
    const replacement = { jwks: readKeySet(jwks), oldKeysUntil: new Date(oldKeysUntil) };
    await this.#changes.replaceKeys(context, { id, revision }, replacement);
    return presentRevised(await this.#register.one(context, id));
  }

  @Post('suspend')
  @HttpCode(204)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Suspend a client; its tokens are dead at once' })
  @ApiNoContentResponse()
  suspend(@Context() context: Operator, @PathId() id: ClientId): Promise<void> {
    return this.#clients.suspend(context, id);
  }

  @Post('resume')
  @HttpCode(204)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Lift the suspension of a client; its tokens of before stay dead' })
  @ApiNoContentResponse()
  resume(@Context() context: Operator, @PathId() id: ClientId): Promise<void> {
    return this.#clients.resume(context, id);
  }
}
