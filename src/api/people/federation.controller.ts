import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '../../kernel/context.js';
import {
  FederatedSignIn,
  Federation,
  presentedCredential,
  requireOwnPages,
  SessionEnds,
} from '../../modules/identity/index.js';
import { type FederationProvider, Settings } from '../../platform/config/settings.js';
import { Context, RateLimit, Refuses, type Reply, type Request } from '../../platform/http/index.js';
import {
  FEDERATED_SIGN_IN_EXAMPLES,
  FederatedSignInDto,
  FederationCallbackQuery,
  RETURNS,
} from './dtos/federation.dtos.js';
import { SessionDto } from './dtos/session.dtos.js';
import {
  browserOf,
  forgetBrowser,
  inVain,
  Provider,
  queryOf,
  rememberBrowser,
  sendBack,
} from './federation-exchange.js';
import { factorOf, presentSession } from './presenters.js';

@ApiTags('People')
@Controller('v1/federation')
export class FederationController {
  readonly #federation: Federation;
  readonly #signIn: FederatedSignIn;
  readonly #ends: SessionEnds;
  readonly #returnUrl: string;

  constructor(federation: Federation, signIn: FederatedSignIn, ends: SessionEnds, settings: Settings) {
    this.#federation = federation;
    this.#signIn = signIn;
    this.#ends = ends;
    this.#returnUrl = settings.federation.returnUrl;
  }

  @Get(':provider/start')
  @HttpCode(303)
  @RateLimit('sign_in')
  @Refuses('not_found')
  @ApiOperation({ summary: 'Be sent to ProConnect (staff) or FranceConnect (candidates)' })
  @ApiResponse({ status: 303, description: 'To the provider, or back with #federation=unavailable' })
  async start(
    @Provider() provider: FederationProvider,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<void> {
    const departure = await this.#federation.start(provider).catch(inVain);
    if ('kind' in departure) return sendBack(reply, this.#returnUrl, `federation=${departure.kind}`);
    rememberBrowser(reply, departure.browser);
    reply.header('location', departure.url);
  }

  @Get(':provider/callback')
  @HttpCode(303)
  @RateLimit('sign_in')
  @Refuses('not_found')
  @ApiOperation({ summary: 'Come back from the provider; no session is opened by that' })
  @ApiResponse({
    status: 303,
    description: RETURNS,
  })
  async callback(
    @Context() context: RequestContext,
    @Provider() provider: FederationProvider,
    @Query() query: FederationCallbackQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<void> {
    const back = await this.#federation
      .callback(context, provider, queryOf(query), browserOf(request))
      .catch(inVain);
    if (back.kind === 'linked' || back.kind === 'unlinked') forgetBrowser(reply);
    sendBack(
      reply,
      this.#returnUrl,
      back.kind === 'ticket' ? `federation-ticket=${back.ticket}` : `federation=${back.kind}`,
    );
  }

  @Post('sessions')
  @RateLimit('sign_in')
  @Refuses('authentication_failed', 'cross_site_request')
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
    if (transport === 'cookie') requireOwnPages(request);
    const wish = { ticket, transport, factor: factorOf(body) };
    const session = await this.#signIn.signIn(context, wish, browserOf(request));
    await this.#ends.endPresented(context, presentedCredential(request));
    forgetBrowser(reply);
    return presentSession(session, reply);
  }
}
