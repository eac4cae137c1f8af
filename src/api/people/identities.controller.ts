import { Controller, Delete, Get, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { PersonActor, RequestContext } from '../../kernel/context.js';
import {
  type FederatedIdentityId,
  Federation,
  type LinkedIdentity,
  OwnIdentities,
  SessionGuard,
  StepUp,
} from '../../modules/identity/index.js';
import type { FederationProvider } from '../../platform/config/settings.js';
import { ApiPage, Context, Page, PathId, Refuses, type Reply } from '../../platform/http/index.js';
import { FederationDepartureDto, LinkedIdentityDto } from './dtos/federation.dtos.js';
import { Provider, rememberBrowser } from './federation-exchange.js';

type Person = RequestContext<PersonActor>;

@ApiTags('People')
@Controller('v1/me/identities')
export class IdentitiesController {
  readonly #federation: Federation;
  readonly #own: OwnIdentities;

  constructor(federation: Federation, own: OwnIdentities) {
    this.#federation = federation;
    this.#own = own;
  }

  @Get()
  @UseGuards(SessionGuard)
  @ApiBearerAuth('session')
  @ApiOperation({ summary: 'One’s identities at ProConnect or FranceConnect' })
  @ApiPage(LinkedIdentityDto)
  async list(@Context() context: Person): Promise<Page<LinkedIdentityDto>> {
    return new Page((await this.#own.list(context)).map(presentIdentity), null);
  }

  @Post(':provider')
  @StepUp()
  @Refuses('forbidden_role', 'not_found', 'service_unavailable')
  @ApiOperation({ summary: 'Begin to link who one is there to one’s account' })
  @ApiCreatedResponse({ type: FederationDepartureDto })
  async link(
    @Context() context: Person,
    @Provider() provider: FederationProvider,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<FederationDepartureDto> {
    const { url, browser } = await this.#federation.startLink(context, provider);
    rememberBrowser(reply, browser);
    return { url };
  }

  @Delete(':id')
  @HttpCode(204)
  @StepUp()
  @ApiOperation({ summary: 'Unlink an identity' })
  @ApiNoContentResponse()
  unlink(@Context() context: Person, @PathId() id: FederatedIdentityId): Promise<void> {
    return this.#own.unlink(context, id);
  }
}

function presentIdentity({ id, provider, createdAt }: LinkedIdentity): LinkedIdentityDto {
  return { id, provider, createdAt: createdAt.toISOString() };
}
