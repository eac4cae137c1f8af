import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { RequestContext } from '../../kernel/context.js';
import { worded } from '../../kernel/wording.js';
import {
  Enrolment,
  type EnrolmentOffer,
  presentedCredential,
  Registration,
  requireOwnPages,
  SessionEnds,
} from '../../modules/identity/index.js';
import { Context, RateLimit, Refuses, type Reply, type Request } from '../../platform/http/index.js';
import { EnrolledDto, EnrolmentConfirmationDto, EnrolmentOfferDto } from './dtos/enrolment.dtos.js';
import { AcceptedDto, RegistrationDto, TicketDto, TokenDto } from './dtos/registration.dtos.js';
import { MAIL_SENT, presentEnrolled } from './presenters.js';

@ApiTags('People')
@Controller('v1')
export class RegistrationController {
  readonly #registration: Registration;
  readonly #enrolment: Enrolment;
  readonly #ends: SessionEnds;

  constructor(registration: Registration, enrolment: Enrolment, ends: SessionEnds) {
    this.#registration = registration;
    this.#enrolment = enrolment;
    this.#ends = ends;
  }

  @Post('registrations')
  @HttpCode(202)
  @RateLimit('registration')
  @Refuses('password_refused', 'service_unavailable')
  @ApiOperation({ summary: 'Ask for an account; the answer is the same for known and unknown addresses' })
  @ApiAcceptedResponse({ type: AcceptedDto })
  async register(@Context() context: RequestContext, @Body() body: RegistrationDto): Promise<AcceptedDto> {
    await this.#registration.register(context, body);
    return { message: worded(MAIL_SENT, context.locale) };
  }

  @Post('registrations/confirm')
  @HttpCode(200)
  @RateLimit('confirmation')
  @Refuses('authentication_failed')
  @ApiOperation({ summary: 'Confirm the address with the token from the mail' })
  @ApiOkResponse({ type: TicketDto })
  async confirm(@Context() context: RequestContext, @Body() { token }: TokenDto): Promise<TicketDto> {
    return { ticket: await this.#registration.confirm(context, token) };
  }

  @Post('totp/enrolments')
  @HttpCode(200)
  @RateLimit('confirmation')
  @Refuses('authentication_failed')
  @ApiOperation({ summary: 'Get a secret for the authenticator' })
  @ApiOkResponse({ type: EnrolmentOfferDto })
  offer(@Context() context: RequestContext, @Body() { ticket }: TicketDto): Promise<EnrolmentOffer> {
    return this.#enrolment.offer(context, ticket);
  }

  @Post('totp/enrolments/confirm')
  @HttpCode(200)
  @RateLimit('confirmation')
  @Refuses('authentication_failed', 'cross_site_request')
  @ApiOperation({ summary: 'Prove that the authenticator works; the account becomes active' })
  @ApiOkResponse({ type: EnrolledDto })
  async activate(
    @Context() context: RequestContext,
    @Body() { ticket, code, transport }: EnrolmentConfirmationDto,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<EnrolledDto> {
    if (transport === 'cookie') requireOwnPages(request);
    const enrolled = await this.#enrolment.confirm(context, ticket, code, transport);
    await this.#ends.endPresented(context, presentedCredential(request));
    return presentEnrolled(enrolled, reply);
  }
}
