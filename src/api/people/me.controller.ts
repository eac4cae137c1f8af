import { Body, Controller, Get, Patch, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { PersonActor, RequestContext } from '../../kernel/context.js';
import { OwnSettings, SessionGuard } from '../../modules/identity/index.js';
import { Context, type Revised } from '../../platform/http/index.js';
import { AccountDto, AccountPatch } from './dtos/account.dtos.js';
import { presentAccount } from './presenters.js';

type Person = RequestContext<PersonActor>;

/** One's own account, for everybody who is signed in. */
@ApiTags('People')
@UseGuards(SessionGuard)
@ApiBearerAuth('session')
@Controller('v1/me')
export class MeController {
  readonly #settings: OwnSettings;

  constructor(settings: OwnSettings) {
    this.#settings = settings;
  }

  @Get()
  @ApiOperation({ summary: 'Who one is here' })
  @ApiOkResponse({ type: AccountDto })
  async read(@Context() context: Person): Promise<Revised<AccountDto>> {
    return presentAccount(await this.#settings.read(context));
  }

  @Patch()
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiOperation({ summary: 'Choose the language of one’s mails' })
  @ApiOkResponse({ type: AccountDto })
  async change(@Context() context: Person, @Body() { locale }: AccountPatch): Promise<Revised<AccountDto>> {
    return presentAccount(await this.#settings.speak(context, locale));
  }
}
