import { Body, Get, Patch, Put } from '@nestjs/common';
import { ApiConsumes, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Profiles } from '../../../modules/candidates/index.js';
import { Context, IfMatch, type Revised, type SeenRevisions } from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { presentProfile } from './presenters.js';
import { ProfileBody, ProfileDto } from './profile.dto.js';

type Candidate = RequestContext<CandidateActor>;

@CandidateRoutes('profile', 'Profile')
export class ProfileController {
  readonly #profiles: Profiles;

  constructor(profiles: Profiles) {
    this.#profiles = profiles;
  }

  @Get()
  @ApiOperation({
    summary: 'One’s profile; as long as nothing has been given it is empty and its ETag is "r0"',
  })
  @ApiOkResponse({ type: ProfileDto })
  async read(@Context() context: Candidate): Promise<Revised<ProfileDto>> {
    return presentProfile(await this.#profiles.read(context), context.locale);
  }

  @Put()
  @ApiOperation({ summary: 'Replace the whole profile' })
  @ApiOkResponse({ type: ProfileDto })
  async replace(
    @Context() context: Candidate,
    @IfMatch() revision: SeenRevisions,
    @Body() body: ProfileBody,
  ): Promise<Revised<ProfileDto>> {
    return presentProfile(await this.#profiles.replace(context, revision, body), context.locale);
  }

  @Patch()
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiOperation({
    summary: 'Change parts of the profile (RFC 7396): `null` removes, a list is replaced as a whole',
  })
  @ApiOkResponse({ type: ProfileDto })
  async change(
    @Context() context: Candidate,
    @IfMatch() revision: SeenRevisions,
    @Body() body: ProfileBody,
  ): Promise<Revised<ProfileDto>> {
    return presentProfile(await this.#profiles.change(context, revision, body), context.locale);
  }
}
