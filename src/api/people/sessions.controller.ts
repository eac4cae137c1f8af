import { Body, Controller, Delete, Get, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { PersonActor, RequestContext } from '../../kernel/context.js';
import type { SessionId } from '../../kernel/ids.js';
import { SESSION_COOKIE, SessionEnds, SessionGuard, Sessions, SignIn } from '../../modules/identity/index.js';
import { ApiPage, Context, Page, PathId, RateLimit, Refuses, type Reply } from '../../platform/http/index.js';
import {
  SessionDto,
  SessionSummaryDto,
  SIGN_IN_EXAMPLES,
  SignInDto,
  StepUpDto,
} from './dtos/session.dtos.js';
import { factorOf, presentSession, presentSummary } from './presenters.js';

type Person = RequestContext<PersonActor>;

@ApiTags('People')
@Controller('v1')
export class SessionsController {
  readonly #signIn: SignIn;
  readonly #sessions: Sessions;
  readonly #ends: SessionEnds;

  constructor(signIn: SignIn, sessions: Sessions, ends: SessionEnds) {
    this.#signIn = signIn;
    this.#sessions = sessions;
    this.#ends = ends;
  }

  @Post('sessions')
  @RateLimit('sign_in')
  @Refuses('authentication_failed')
  @ApiOperation({ summary: 'Sign in: every factor in one request' })
  @ApiBody({ type: SignInDto, examples: SIGN_IN_EXAMPLES })
  @ApiCreatedResponse({ type: SessionDto })
  async create(
    @Context() context: RequestContext,
    @Body() body: SignInDto,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SessionDto> {
    return presentSession(
      await this.#signIn.signIn(context, { ...credentialsOf(body), factor: factorOf(body) }),
      reply,
    );
  }

  @Post('sessions/step-up')
  @HttpCode(200)
  @UseGuards(SessionGuard)
  @ApiBearerAuth('session')
  @Refuses('authentication_failed', 'too_many_requests')
  @ApiOperation({ summary: 'Give a fresh second factor; the session gets a new token' })
  @ApiOkResponse({ type: SessionDto })
  async stepUp(
    @Context() context: Person,
    @Body() { code }: StepUpDto,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SessionDto> {
    return presentSession(await this.#signIn.stepUp(context, { code }), reply);
  }

  @Get('me/sessions')
  @UseGuards(SessionGuard)
  @ApiBearerAuth('session')
  @ApiOperation({ summary: 'One’s open sessions' })
  @ApiPage(SessionSummaryDto)
  async list(@Context() context: Person): Promise<Page<SessionSummaryDto>> {
    return new Page((await this.#sessions.list(context)).map(presentSummary), null);
  }

  @Delete('me/sessions/current')
  @HttpCode(204)
  @UseGuards(SessionGuard)
  @ApiBearerAuth('session')
  @ApiOperation({ summary: 'Sign out' })
  @ApiNoContentResponse()
  async endCurrent(@Context() context: Person, @Res({ passthrough: true }) reply: Reply): Promise<void> {
    await this.#ends.end(context, context.actor.sessionId);
    reply.clearCookie(SESSION_COOKIE, { path: '/', secure: true });
  }

  @Delete('me/sessions/:id')
  @HttpCode(204)
  @UseGuards(SessionGuard)
  @ApiBearerAuth('session')
  @ApiOperation({ summary: 'End one session' })
  @ApiNoContentResponse()
  end(@Context() context: Person, @PathId() id: SessionId): Promise<void> {
    return this.#ends.end(context, id);
  }

  @Delete('me/sessions')
  @HttpCode(204)
  @UseGuards(SessionGuard)
  @ApiBearerAuth('session')
  @ApiOperation({ summary: 'End every session' })
  @ApiNoContentResponse()
  endAll(@Context() context: Person): Promise<void> {
    return this.#ends.endAll(context);
  }
}

function credentialsOf({
  email,
  password,
  transport,
}: SignInDto): Pick<SignInDto, 'email' | 'password' | 'transport'> {
  return { email, password, transport };
}
