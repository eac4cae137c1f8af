import { Controller, Delete, Get, HttpCode, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PersonActor, RequestContext } from '../../kernel/context.js';
import type { SessionId } from '../../kernel/ids.js';
import { EvenLimited, SessionEnds, SessionGuard, Sessions } from '../../modules/identity/index.js';
import { ApiPage, Context, Page, PathId, type Reply } from '../../platform/http/index.js';
import { EndingDto, SessionSummaryDto } from './dtos/session.dtos.js';
import { presentEnd, presentSummary } from './presenters.js';

type Person = RequestContext<PersonActor>;

/** One's own sessions, for everybody who is signed in. */
@ApiTags('People')
@UseGuards(SessionGuard)
@ApiBearerAuth('session')
@Controller('v1/me/sessions')
export class OwnSessionsController {
  readonly #sessions: Sessions;
  readonly #ends: SessionEnds;

  constructor(sessions: Sessions, ends: SessionEnds) {
    this.#sessions = sessions;
    this.#ends = ends;
  }

  @Get()
  @EvenLimited()
  @ApiOperation({ summary: 'One’s open sessions' })
  @ApiPage(SessionSummaryDto)
  async list(@Context() context: Person): Promise<Page<SessionSummaryDto>> {
    return new Page((await this.#sessions.list(context)).map(presentSummary), null);
  }

  @Delete('current')
  @HttpCode(204)
  @EvenLimited()
  @ApiOperation({ summary: 'Sign out' })
  @ApiNoContentResponse()
  async endCurrent(@Context() context: Person, @Res({ passthrough: true }) reply: Reply): Promise<void> {
    await this.#ends.end(context, context.actor.sessionId);
    presentEnd(reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @EvenLimited()
  @ApiOperation({ summary: 'End one session' })
  @ApiNoContentResponse()
  async end(
    @Context() context: Person,
    @PathId() id: SessionId,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<void> {
    await this.#ends.end(context, id);
    if (id === context.actor.sessionId) presentEnd(reply);
  }

  @Delete()
  @HttpCode(204)
  @EvenLimited()
  @ApiOperation({ summary: 'End every session, or every other one' })
  @ApiNoContentResponse()
  async endAll(
    @Context() context: Person,
    @Query() { keep }: EndingDto,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<void> {
    await this.#ends.endAll(context, keep && context.actor.sessionId);
    if (keep === undefined) presentEnd(reply);
  }
}
