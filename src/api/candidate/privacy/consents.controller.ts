import { Body, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Consents } from '../../../modules/privacy/index.js';
import { Context } from '../../../platform/http/index.js';
import { CandidateRoutes } from '../candidate-routes.decorator.js';
import { AgreementsDto, ConsentsDto } from './consents.dtos.js';
import { presentConsents } from './presenters.js';

type Candidate = RequestContext<CandidateActor>;

@CandidateRoutes('consents', 'Privacy')
export class ConsentsController {
  readonly #consents: Consents;

  constructor(consents: Consents) {
    this.#consents = consents;
  }

  @Get()
  @ApiOperation({ summary: 'Everything that can be agreed to, its present wording, and what I have decided' })
  @ApiOkResponse({ type: ConsentsDto })
  async read(@Context() context: Candidate): Promise<ConsentsDto> {
    return presentConsents(await this.#consents.read(context), context.locale);
  }

  @Put()
  @ApiOperation({
    summary: 'Agree to these purposes and to no other: whatever is left out is withdrawn',
    description:
      'Nothing that applying takes depends on it. Each decision is kept with its time and wording.',
  })
  @ApiOkResponse({ type: ConsentsDto })
  async decide(@Context() context: Candidate, @Body() { agreements }: AgreementsDto): Promise<ConsentsDto> {
    return presentConsents(await this.#consents.decide(context, agreements), context.locale);
  }
}
