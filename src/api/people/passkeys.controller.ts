import { Body, Controller, Delete, Get, HttpCode, Patch, Post, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { PersonActor, RequestContext } from '../../kernel/context.js';
import {
  OwnPasskeys,
  type PasskeyId,
  PasskeyRegistration,
  PasskeyRequests,
  SessionGuard,
  StepUp,
} from '../../modules/identity/index.js';
import { ApiPage, Context, Page, PathId, RateLimit, Refuses } from '../../platform/http/index.js';
import {
  PasskeyAttestationDto,
  PasskeyChallengeDto,
  PasskeyChallengeWishDto,
  PasskeyDto,
  PasskeyNameDto,
  PasskeyOfferDto,
} from './dtos/passkey.dtos.js';
import { attestationOf, presentPasskey } from './passkey-presenters.js';

type Person = RequestContext<PersonActor>;

@ApiTags('People')
@Controller('v1')
export class PasskeysController {
  readonly #requests: PasskeyRequests;
  readonly #registration: PasskeyRegistration;
  readonly #own: OwnPasskeys;

  constructor(requests: PasskeyRequests, registration: PasskeyRegistration, own: OwnPasskeys) {
    this.#requests = requests;
    this.#registration = registration;
    this.#own = own;
  }

  @Post('passkeys/challenges')
  @RateLimit('passkey_challenge')
  @ApiOperation({ summary: 'Get a challenge for a passkey; the answer depends on nobody' })
  @ApiCreatedResponse({ type: PasskeyChallengeDto })
  challenge(@Body() { purpose }: PasskeyChallengeWishDto): Promise<PublicKeyCredentialRequestOptionsJSON> {
    return this.#requests.ask(purpose);
  }

  @Get('me/passkeys')
  @UseGuards(SessionGuard)
  @ApiBearerAuth('session')
  @ApiOperation({ summary: 'One’s passkeys' })
  @ApiPage(PasskeyDto)
  async list(@Context() context: Person): Promise<Page<PasskeyDto>> {
    return new Page((await this.#own.list(context)).map(presentPasskey), null);
  }

  @Post('me/passkeys')
  @StepUp()
  @Refuses('conflict')
  @ApiOperation({ summary: 'Begin to add a passkey, which stands beside the authenticator' })
  @ApiCreatedResponse({ type: PasskeyOfferDto })
  offer(@Context() context: Person): Promise<PasskeyOfferDto> {
    return this.#registration.offer(context);
  }

  @Post('me/passkeys/:id/confirm')
  @HttpCode(200)
  @StepUp()
  @Refuses('authentication_failed', 'conflict')
  @ApiOperation({ summary: 'Add the passkey that was made; one’s other sessions end' })
  @ApiOkResponse({ type: PasskeyDto })
  async confirm(
    @Context() context: Person,
    @PathId() id: PasskeyId,
    @Body() body: PasskeyAttestationDto,
  ): Promise<PasskeyDto> {
    return presentPasskey(await this.#registration.confirm(context, id, attestationOf(body)));
  }

  @Patch('me/passkeys/:id')
  @StepUp()
  @ApiOperation({ summary: 'Call a passkey something else' })
  @ApiOkResponse({ type: PasskeyDto })
  async rename(
    @Context() context: Person,
    @PathId() id: PasskeyId,
    @Body() { name }: PasskeyNameDto,
  ): Promise<PasskeyDto> {
    return presentPasskey(await this.#own.rename(context, id, name));
  }

  @Delete('me/passkeys/:id')
  @HttpCode(204)
  @StepUp()
  @ApiOperation({ summary: 'Remove a passkey; one’s other sessions end' })
  @ApiNoContentResponse()
  remove(@Context() context: Person, @PathId() id: PasskeyId): Promise<void> {
    return this.#own.remove(context, id);
  }
}
