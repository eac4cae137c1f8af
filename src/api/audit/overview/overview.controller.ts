import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditorActor, RequestContext } from '../../../kernel/context.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import { ApiPage, Context, type Page } from '../../../platform/http/index.js';
import { presentAlert } from '../presenters.js';
import { AlertDto, AlertsQuery, SummaryDto, SummaryQuery } from './overview.dtos.js';
import { Overview } from './overview.service.js';

@ApiTags('Audit')
@ApiBearerAuth('session')
@Controller('v1/audit')
@UseGuards(SessionGuard)
@Roles('auditor')
export class OverviewController {
  readonly #overview: Overview;

  constructor(overview: Overview) {
    this.#overview = overview;
  }

  @Get('summary')
  @ApiOperation({ summary: 'How many entries there are for each day, actor, agency or action' })
  @ApiOkResponse({ type: SummaryDto })
  async summary(
    @Context() context: RequestContext<AuditorActor>,
    @Query() query: SummaryQuery,
  ): Promise<SummaryDto> {
    const { from, to, entries, groups } = await this.#overview.summary(context, query);
    return {
      by: query.by,
      from: from.toISOString(),
      to: to.toISOString(),
      entries,
      groups: groups.map((group) => ({ ...group })),
    };
  }

  @Get('alerts')
  @ApiOperation({
    summary: 'What an auditor should look at, newest first',
    description:
      'Budgets spent or nearly so, gaps and forgeries in the ledger, refusals to sign, witnesses that cannot be reached or object.',
  })
  @ApiPage(AlertDto)
  async alerts(
    @Context() context: RequestContext<AuditorActor>,
    @Query() query: AlertsQuery,
  ): Promise<Page<AlertDto>> {
    const page = await this.#overview.alerts(context, query);
    return page.map((entry) => presentAlert(entry, context.locale));
  }
}
