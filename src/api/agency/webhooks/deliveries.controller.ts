import { Controller, Get, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { Deliveries, type DeliveryId, type EndpointId } from '../../../modules/webhooks/index.js';
import { ApiPage, Context, Idempotent, type Page, PathId, Refuses } from '../../../platform/http/index.js';
import { DeliveryDto, DeliveryQuery, DeliveryWithAttemptsDto, ReplayedDto } from './dtos.js';
import { presentDelivery, presentWithAttempts } from './presenters.js';

type Agency = RequestContext<AgencyActor>;

@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/webhooks/:id')
@UseGuards(AgencyGuard)
@Scopes('webhooks:manage')
export class DeliveriesController {
  readonly #deliveries: Deliveries;

  constructor(deliveries: Deliveries) {
    this.#deliveries = deliveries;
  }

  @Post('test')
  @HttpCode(202)
  @Idempotent()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Have a test event sent' })
  @ApiAcceptedResponse({ type: DeliveryDto })
  async test(@Context() context: Agency, @PathId() id: EndpointId): Promise<DeliveryDto> {
    return presentDelivery(await this.#deliveries.test(context, id));
  }

  @Post('replay')
  @HttpCode(202)
  @Idempotent()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Have everything sent again that was given up' })
  @ApiAcceptedResponse({ type: ReplayedDto })
  async replayDead(@Context() context: Agency, @PathId() id: EndpointId): Promise<ReplayedDto> {
    return { replayed: await this.#deliveries.replayDead(context, id) };
  }

  @Get('deliveries')
  @Refuses('conflict')
  @ApiOperation({ summary: 'What was sent of the last 30 days and what waits, newest event first' })
  @ApiPage(DeliveryDto)
  async list(
    @Context() context: Agency,
    @PathId() id: EndpointId,
    @Query() query: DeliveryQuery,
  ): Promise<Page<DeliveryDto>> {
    return (await this.#deliveries.list(context, id, query)).map(presentDelivery);
  }

  @Get('deliveries/:deliveryId')
  @ApiOperation({ summary: 'One delivery with every attempt' })
  @ApiOkResponse({ type: DeliveryWithAttemptsDto })
  async one(
    @Context() context: Agency,
    @PathId() id: EndpointId,
    @PathId('deliveryId') deliveryId: DeliveryId,
  ): Promise<DeliveryWithAttemptsDto> {
    return presentWithAttempts(await this.#deliveries.one(context, id, deliveryId));
  }

  @Post('deliveries/:deliveryId/replay')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({ summary: 'Have one event sent again, whatever became of it' })
  @ApiAcceptedResponse({ type: DeliveryDto })
  async replay(
    @Context() context: Agency,
    @PathId() id: EndpointId,
    @PathId('deliveryId') deliveryId: DeliveryId,
  ): Promise<DeliveryDto> {
    return presentDelivery(await this.#deliveries.replay(context, id, deliveryId));
  }
}
