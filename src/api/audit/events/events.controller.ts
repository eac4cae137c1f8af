import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditorActor, RequestContext } from '../../../kernel/context.js';
import { Roles, SessionGuard } from '../../../modules/identity/index.js';
import { ApiPage, Context, type Page, PathId } from '../../../platform/http/index.js';
import { presentEvent, presentProof } from '../presenters.js';
import { EventDto, EventQuery } from './event.dtos.js';
import { Events } from './events.service.js';
import { ProofDto } from './proof.dto.js';

@ApiTags('Audit')
@ApiBearerAuth('session')
@Controller('v1/audit/events')
@UseGuards(SessionGuard)
@Roles('auditor')
export class EventsController {
  readonly #events: Events;

  constructor(events: Events) {
    this.#events = events;
  }

  @Get()
  @ApiOperation({ summary: 'Who did what, newest first' })
  @ApiPage(EventDto)
  async list(
    @Context() context: RequestContext<AuditorActor>,
    @Query() query: EventQuery,
  ): Promise<Page<EventDto>> {
    const page = await this.#events.list(context, query);
    return page.map((entry) => presentEvent(entry, context.locale));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One entry' })
  @ApiOkResponse({ type: EventDto })
  async one(@Context() context: RequestContext<AuditorActor>, @PathId() id: string): Promise<EventDto> {
    return presentEvent(await this.#events.one(context, id), context.locale);
  }

  @Get(':id/proof')
  @ApiOperation({ summary: 'The entry’s exact bytes and its inclusion proof against the newest checkpoint' })
  @ApiOkResponse({ type: ProofDto })
  async proof(@Context() context: RequestContext<AuditorActor>, @PathId() id: string): Promise<ProofDto> {
    return presentProof(await this.#events.proof(context, id));
  }
}
