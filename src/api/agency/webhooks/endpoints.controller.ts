import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Res, UseGuards } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { type EndpointChange, type EndpointId, Endpoints } from '../../../modules/webhooks/index.js';
import {
  ApiPage,
  Context,
  Idempotent,
  IfMatch,
  Page,
  PathId,
  Refuses,
  type Reply,
  type Revised,
  type SeenRevisions,
  withRevision,
} from '../../../platform/http/index.js';
import { EndpointDto, EndpointPatchDto, EndpointWithSecretDto, NewEndpointDto, RotationDto } from './dtos.js';
import { presentEndpoint, presentWithSecret } from './presenters.js';

type Agency = RequestContext<AgencyActor>;

@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/webhooks')
@UseGuards(AgencyGuard)
@Scopes('webhooks:manage')
export class EndpointsController {
  readonly #endpoints: Endpoints;

  constructor(endpoints: Endpoints) {
    this.#endpoints = endpoints;
  }

  @Get()
  @ApiOperation({ summary: 'Where the agency’s events are sent, ten endpoints at most' })
  @ApiPage(EndpointDto)
  async list(@Context() context: Agency): Promise<Page<EndpointDto>> {
    return new Page((await this.#endpoints.list(context)).map(presentEndpoint), null);
  }

  @Post()
  @Idempotent()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Register an endpoint; the answer holds its secret, this once' })
  @ApiCreatedResponse({ type: EndpointWithSecretDto })
  async create(
    @Context() context: Agency,
    @Body() { url, events }: NewEndpointDto,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Revised<EndpointWithSecretDto>> {
    const made = await this.#endpoints.create(context, { url, events });
    reply.header('location', `/v1/agency/webhooks/${made.endpoint.id}`);
    return withRevision(presentWithSecret(made), made.endpoint.revision);
  }

  @Get(':id')
  @Refuses('conflict')
  @ApiOperation({ summary: 'One endpoint' })
  @ApiOkResponse({ type: EndpointDto })
  async one(@Context() context: Agency, @PathId() id: EndpointId): Promise<Revised<EndpointDto>> {
    return present(await this.#endpoints.one(context, id));
  }

  @Patch(':id')
  @Refuses('conflict')
  @ApiOperation({ summary: 'Change where events are sent, which ones, and whether' })
  @ApiOkResponse({ type: EndpointDto })
  async change(
    @Context() context: Agency,
    @PathId() id: EndpointId,
    @IfMatch() revision: SeenRevisions,
    @Body() { url, events, enabled }: EndpointPatchDto,
  ): Promise<Revised<EndpointDto>> {
    const change: EndpointChange = {
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events }),
      ...(enabled === undefined ? {} : { enabled }),
    };
    return present(await this.#endpoints.change(context, id, revision, change));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove an endpoint, with what waits for it' })
  @ApiNoContentResponse()
  remove(@Context() context: Agency, @PathId() id: EndpointId): Promise<void> {
    return this.#endpoints.remove(context, id);
  }

  @Post(':id/secrets')
  @Idempotent()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Renew the secret; for a while deliveries are signed with the former one too' })
  @ApiCreatedResponse({ type: EndpointWithSecretDto })
  async rotate(
    @Context() context: Agency,
    @PathId() id: EndpointId,
    @Body() { overlapHours }: RotationDto,
  ): Promise<Revised<EndpointWithSecretDto>> {
    const made = await this.#endpoints.rotateSecret(context, id, overlapHours);
    return withRevision(presentWithSecret(made), made.endpoint.revision);
  }
}

const present = (endpoint: Parameters<typeof presentEndpoint>[0]): Revised<EndpointDto> =>
  withRevision(presentEndpoint(endpoint), endpoint.revision);
