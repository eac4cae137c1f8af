import { Body, Controller, Delete, Get, HttpCode, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Budgets } from '../../../modules/agencies/index.js';
import { AgencyUsage } from '../../../modules/applications/index.js';
import { Roles, SessionGuard, StepUp } from '../../../modules/identity/index.js';
import { Context, IfMatch, PathId, type Revised, type SeenRevisions } from '../../../platform/http/index.js';
import { BudgetDto, BudgetOrderDto } from './budget.dtos.js';
import { presentBudget } from './presenters.js';

type Operator = RequestContext<OperatorActor>;

/** How many candidates an agency may be shown. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/agencies/:id/budget')
@Roles('operator')
export class BudgetController {
  readonly #budgets: Budgets;
  readonly #usage: AgencyUsage;

  constructor(budgets: Budgets, usage: AgencyUsage) {
    this.#budgets = budgets;
    this.#usage = usage;
  }

  @Get()
  @UseGuards(SessionGuard)
  @ApiOperation({ summary: 'An agency’s disclosure budget: what is set, every limit, what is used' })
  @ApiOkResponse({ type: BudgetDto })
  async show(@Context() context: Operator, @PathId() id: AgencyId): Promise<Revised<BudgetDto>> {
    return presentBudget(await this.#usage.show(context, id));
  }

  @Put()
  @StepUp()
  @ApiOperation({
    summary: 'Set a budget for a limited time',
    description:
      'It counts from the next reading on, until `until`. What is left out stays as it is set, else it follows from the agency’s applications; to have it follow from them again, lift the budget.',
  })
  @ApiOkResponse({ type: BudgetDto })
  async set(
    @Context() context: Operator,
    @PathId() id: AgencyId,
    @IfMatch() revision: SeenRevisions,
    @Body() { until, ...limits }: BudgetOrderDto,
  ): Promise<Revised<BudgetDto>> {
    await this.#budgets.set(context, id, { limits, until: new Date(until) }, revision);
    return presentBudget(await this.#usage.show(context, id));
  }

  @Delete()
  @HttpCode(204)
  @StepUp()
  @ApiOperation({ summary: 'Lift a budget that was set before its time is over' })
  @ApiNoContentResponse()
  lift(
    @Context() context: Operator,
    @PathId() id: AgencyId,
    @IfMatch() revision: SeenRevisions,
  ): Promise<void> {
    return this.#budgets.lift(context, id, revision);
  }
}
