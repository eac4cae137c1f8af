import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import { Roles, SessionGuard, StepUp } from '../../../modules/identity/index.js';
import { Containment, type IncidentId, IncidentOrders } from '../../../modules/incidents/index.js';
import { Context, PathId, Refuses } from '../../../platform/http/index.js';
import { ContainmentDto, ContainmentPlanDto } from './orders.dtos.js';
import { presentPlan } from './presenters.js';

type Operator = RequestContext<OperatorActor>;

/** What the worker is to do about an incident. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/incidents/:id')
@Roles('operator')
export class IncidentOrdersController {
  readonly #orders: IncidentOrders;
  readonly #containment: Containment;

  constructor(orders: IncidentOrders, containment: Containment) {
    this.#orders = orders;
    this.#containment = containment;
  }

  @Get('containment')
  @UseGuards(SessionGuard)
  @Refuses('conflict')
  @ApiOperation({
    summary: 'What containing an incident would do now, or has left to do',
    description:
      'Nothing is done. Once containment has come to its end, every list is empty, until somebody acts or is exposed again, a client is resumed or a budget lifted.',
  })
  @ApiOkResponse({ type: ContainmentPlanDto })
  async plan(@Context() context: Operator, @PathId() id: IncidentId): Promise<ContainmentPlanDto> {
    return presentPlan(await this.#containment.plan(context, id, []));
  }

  @Post('contain')
  @HttpCode(202)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({
    summary:
      'Suspend the clients that did it, tighten budgets, end sessions, renew the keys of everybody affected',
    description:
      'In the background; what is left of it is told by `containment`. What is done is not done again; asked again, it does what has come since.',
  })
  @ApiAcceptedResponse()
  contain(
    @Context() context: Operator,
    @PathId() id: IncidentId,
    @Body() { steps = [] }: ContainmentDto,
  ): Promise<void> {
    return this.#orders.contain(context, id, steps);
  }

  @Post('notify')
  @HttpCode(202)
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({
    summary: 'Write to everybody affected, once for the same exposure',
    description:
      'In the background; `told` of the impact says how far it has come. Asked again, it goes on with whoever has not been told, or of whom more was exposed since.',
  })
  @ApiAcceptedResponse()
  notify(@Context() context: Operator, @PathId() id: IncidentId): Promise<void> {
    return this.#orders.notify(context, id);
  }
}
