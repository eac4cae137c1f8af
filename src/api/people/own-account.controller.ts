import { Body, Controller, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { PersonActor, RequestContext } from '../../kernel/context.js';
import { worded } from '../../kernel/wording.js';
import {
  AddressChange,
  type EnrolmentOffer,
  EvenLimited,
  PasswordChange,
  presentedCredential,
  RecoveryCodesRenewal,
  StepUp,
  TotpReplacement,
} from '../../modules/identity/index.js';
import { Context, Refuses, type Reply, type Request } from '../../platform/http/index.js';
import { AddressChangeDto, CodeDto, PasswordChangeDto, RecoveryCodesDto } from './dtos/account.dtos.js';
import { EnrolledDto, EnrolmentOfferDto } from './dtos/enrolment.dtos.js';
import { AcceptedDto } from './dtos/registration.dtos.js';
import { MAIL_SENT, presentEnrolled } from './presenters.js';

type Person = RequestContext<PersonActor>;

/** What somebody signs in with: each change needs a fresh second factor. */
@ApiTags('People')
@StepUp()
@Controller('v1/me')
export class OwnAccountController {
  readonly #password: PasswordChange;
  readonly #address: AddressChange;
  readonly #totp: TotpReplacement;
  readonly #codes: RecoveryCodesRenewal;

  constructor(
    password: PasswordChange,
    address: AddressChange,
    totp: TotpReplacement,
    codes: RecoveryCodesRenewal,
  ) {
    this.#password = password;
    this.#address = address;
    this.#totp = totp;
    this.#codes = codes;
  }

  @Put('password')
  @HttpCode(204)
  @Refuses('authentication_failed', 'password_refused', 'too_many_requests', 'conflict')
  @ApiOperation({ summary: 'Change the password; every other session ends' })
  @ApiNoContentResponse()
  changePassword(@Context() context: Person, @Body() body: PasswordChangeDto): Promise<void> {
    return this.#password.change(context, body.current, body.password);
  }

  @Put('email')
  @HttpCode(202)
  @Refuses('authentication_failed', 'too_many_requests')
  @ApiOperation({
    summary: 'Ask for another address; a mail to each of the two has a token to confirm it with',
  })
  @ApiAcceptedResponse({ type: AcceptedDto })
  async changeAddress(@Context() context: Person, @Body() body: AddressChangeDto): Promise<AcceptedDto> {
    await this.#address.ask(context, body.current, body.email);
    return { message: worded(MAIL_SENT, context.locale) };
  }

  @Post('totp')
  @HttpCode(200)
  @EvenLimited()
  @ApiOperation({
    summary: 'Get a secret for another authenticator; the present one works until it is proven',
  })
  @ApiOkResponse({ type: EnrolmentOfferDto })
  offer(@Context() context: Person): Promise<EnrolmentOffer> {
    return this.#totp.offer(context);
  }

  @Post('totp/confirm')
  @HttpCode(200)
  @EvenLimited()
  @Refuses('authentication_failed', 'too_many_requests')
  @ApiOperation({ summary: 'Prove the other authenticator; every session ends and a new one is opened' })
  @ApiOkResponse({ type: EnrolledDto })
  async replace(
    @Context() context: Person,
    @Body() { code }: CodeDto,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<EnrolledDto> {
    const transport = presentedCredential(request)?.transport ?? 'cookie';
    return presentEnrolled(await this.#totp.confirm(context, code, transport), reply);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Get ten new recovery codes; those before stop working, every other session ends',
  })
  @ApiOkResponse({ type: RecoveryCodesDto })
  async renewCodes(@Context() context: Person): Promise<RecoveryCodesDto> {
    return { recoveryCodes: [...(await this.#codes.renew(context))] };
  }
}
