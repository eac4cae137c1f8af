import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { BUDGET_WINDOW_MS } from '../../../disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { AgencyUsage } from '../../../modules/applications/index.js';
import { Context } from '../../../platform/http/index.js';
import { UsageDto } from './usage.dto.js';

const HOUR_MS = 3_600_000;

@ApiTags('Agency')
@ApiSecurity('agency')
@Controller('v1/agency/usage')
@UseGuards(AgencyGuard)
export class AgencyUsageController {
  readonly #usage: AgencyUsage;

  constructor(usage: AgencyUsage) {
    this.#usage = usage;
  }

  @Get()
  @Scopes('usage:read')
  @ApiOperation({ summary: 'The disclosure budget: what is spent, what is left, what comes back when' })
  @ApiOkResponse({ type: UsageDto })
  async read(@Context() context: RequestContext<AgencyActor>): Promise<UsageDto> {
    const { returns, clients, ...counts } = await this.#usage.read(context);
    return {
      windowHours: BUDGET_WINDOW_MS / HOUR_MS,
      ...counts,
      returns: returns.map(({ at, candidates }) => ({ at: at.toISOString(), candidates })),
      clients: clients.map(({ clientId, candidates }) => ({ clientId, candidates })),
    };
  }
}
