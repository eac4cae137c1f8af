import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '../../kernel/context.js';
import { FederatedSignIn, Federation } from '../../modules/identity/index.js';
import { type FederationProvider, Settings } from '../../platform/config/settings.js';
import { Context, RateLimit, Refuses, type Reply, type Request } from '../../platform/http/index.js';
import {
  FEDERATED_SIGN_IN_EXAMPLES,
  FederatedSignInDto,
  FederationCallbackQuery,
} from './dtos/federation.dtos.js';
import { SessionDto } from './dtos/session.dtos.js';
import { browserOf, forgetBrowser, Provider, queryOf, rememberBrowser } from './federation-exchange.js';
import { factorOf, presentSession } from './presenters.js';

@ApiTags('People')
@Controller('v1/federation')
export class FederationController {
  readonly #federation: Federation;
  readonly #signIn: FederatedSignIn;
  readonly #returnUrl: string;

  constructor(federation: Federation, signIn: FederatedSignIn, settings: Settings) {
    this.#federation = federation;
    this.#signIn = signIn;
    this.#returnUrl = settings.federation.returnUrl;
  }

  @Get(':provider/start')
  @HttpCode(303)
  @RateLimit('sign_in')
  @Refuses('not_found', 'service_unavailable')
  @ApiOperation({
    summary: 'Be sent to ProConnect (staff) or FranceConnect (candidates), where it is configured',
  })
  @ApiResponse({ status: 303, description: 'To the provider' })
  async start(
    @Provider() provider: FederationProvider,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<void> {
    const { url, browser } = await this.#federation.start(provider);
    rememberBrowser(reply, browser);
    reply.header('location', url);
  }

  @Get(':provider/callback')
  @HttpCode(303)
  @RateLimit('sign_in')
  @Refuses('authentication_failed', 'conflict', 'not_found', 'service_unavailable')
  @ApiOperation({ summary: 'Come back from the provider; no session is opened by that' })
  @ApiResponse({
    status: 303,
    description:
      'To the page that is configured, with #federation-ticket=… for a known identity, else #federation=linked or #federation=unlinked',
  })
  async callback(
    @Context() context: RequestContext,
    @Provider() provider: FederationProvider,
    @Query() query: FederationCallbackQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<void> {
    const back = await this.#federation.callback(context, provider, queryOf(query), browserOf(request));
    if (back.kind !== 'ticket') forgetBrowser(reply);
    // In the fragment, which no server and no log ever sees.
    const fragment = back.kind === 'ticket' ? `federation-ticket=${back.ticket}` : `federation=${back.kind}`;
    reply.header('location', `${this.#returnUrl}#${fragment}`);
  }

  @Post('sessions')
  @RateLimit('sign_in')
  @Refuses('authentication_failed')
  @ApiOperation({ summary: 'Sign in with the ticket of a recognised identity and a second factor' })
  @ApiBody({ type: FederatedSignInDto, examples: FEDERATED_SIGN_IN_EXAMPLES })
  @ApiCreatedResponse({ type: SessionDto })
  async signIn(
    @Context() context: RequestContext,
    @Body() body: FederatedSignInDto,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SessionDto> {
    const { ticket, transport } = body;
    const wish = { ticket, transport, factor: factorOf(body) };
    const session = await this.#signIn.signIn(context, wish, browserOf(request));
    forgetBrowser(reply);
    return presentSession(session, reply);
  }
}
