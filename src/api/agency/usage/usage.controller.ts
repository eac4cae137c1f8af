import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { LimitUsage } from '../../../disclosure/index.js';
import type { AgencyActor, RequestContext } from '../../../kernel/context.js';
import { AgencyGuard, Scopes } from '../../../modules/agencies/index.js';
import { AgencyUsage } from '../../../modules/applications/index.js';
import { Context } from '../../../platform/http/index.js';
import { type LimitDto, UsageDto } from './usage.dto.js';

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
  @ApiOperation({ summary: 'The disclosure budget: every limit, what is used of it, what comes back when' })
  @ApiOkResponse({ type: UsageDto })
  async read(@Context() context: RequestContext<AgencyActor>): Promise<UsageDto> {
    const { openApplications, set, limits } = await this.#usage.read(context);
    const setUntil = set?.until.toISOString() ?? null;
    return { setUntil, openApplications, limits: limits.map(presentLimit) };
  }
}

function presentLimit({ reach, window, limit, used, resetsAt }: LimitUsage): LimitDto {
  return {
    reach: reach.kind,
    clientId: reach.kind === 'client' ? reach.client : null,
    purpose: reach.kind === 'purpose' ? reach.purpose : null,
    window,
    limit,
    used,
    // Applications that end take their part of the limit with them, so that more may be used than there is.
    left: Math.max(0, limit - used),
    resetsAt: resetsAt?.toISOString() ?? null,
  };
}
