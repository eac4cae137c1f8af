import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { PersonActor, RequestContext } from '../../kernel/context.js';
import {
  presentedCredential,
  requireOwnPages,
  SessionEnds,
  SessionGuard,
  SignIn,
} from '../../modules/identity/index.js';
import { Context, RateLimit, Refuses, type Reply, type Request } from '../../platform/http/index.js';
import { SessionDto, SIGN_IN_EXAMPLES, SignInDto, STEP_UP_EXAMPLES, StepUpDto } from './dtos/session.dtos.js';
import { factorOf, presentSession } from './presenters.js';

type Person = RequestContext<PersonActor>;

@ApiTags('People')
@Controller('v1')
export class SessionsController {
  readonly #signIn: SignIn;
  readonly #ends: SessionEnds;

  constructor(signIn: SignIn, ends: SessionEnds) {
    this.#signIn = signIn;
    this.#ends = ends;
  }

  @Post('sessions')
  @RateLimit('sign_in')
  @Refuses('authentication_failed', 'cross_site_request', 'service_unavailable')
  @ApiOperation({ summary: 'Sign in: every factor in one request' })
  @ApiBody({ type: SignInDto, examples: SIGN_IN_EXAMPLES })
  @ApiCreatedResponse({ type: SessionDto })
  async create(
    @Context() context: RequestContext,
    @Body() body: SignInDto,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SessionDto> {
    if (body.transport === 'cookie') requireOwnPages(request);
    const session = await this.#signIn.signIn(context, { ...credentialsOf(body), factor: factorOf(body) });
    await this.#ends.endPresented(context, presentedCredential(request));
    return presentSession(session, reply);
  }

  @Post('sessions/step-up')
  @HttpCode(200)
  @UseGuards(SessionGuard)
  @ApiBearerAuth('session')
  @Refuses('authentication_failed', 'too_many_requests')
  @ApiOperation({ summary: 'Give a fresh second factor; the session gets a new token' })
  @ApiBody({ type: StepUpDto, examples: STEP_UP_EXAMPLES })
  @ApiOkResponse({ type: SessionDto })
  async stepUp(
    @Context() context: Person,
    @Body() body: StepUpDto,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SessionDto> {
    return presentSession(await this.#signIn.stepUp(context, factorOf(body)), reply);
  }
}

function credentialsOf({
  email,
  password,
  transport,
}: SignInDto): Pick<SignInDto, 'email' | 'password' | 'transport'> {
  return { email, password, transport };
}
