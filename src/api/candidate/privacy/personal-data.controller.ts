import { Controller, Delete, Get, HttpCode, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Roles, StepUp } from '../../../modules/identity/index.js';
import { Erasures, PersonalExports } from '../../../modules/privacy/index.js';
import { Context, Produces, Refuses, type Reply } from '../../../platform/http/index.js';
import { ErasedDto } from './erased.dto.js';
import { presentErased } from './presenters.js';

type Candidate = RequestContext<CandidateActor>;

/** Everything at once: to take along, or to be rid of. */
@ApiTags('Privacy')
@StepUp()
@Roles('candidate')
@Controller('v1/me')
export class PersonalDataController {
  readonly #exports: PersonalExports;
  readonly #erasures: Erasures;

  constructor(exports: PersonalExports, erasures: Erasures) {
    this.#exports = exports;
    this.#erasures = erasures;
  }

  @Get('export')
  // Refusals are JSON.
  @Produces('application/zip', 'application/json')
  @Refuses('too_many_requests')
  @ApiOperation({
    summary: 'Everything held about me, as a ZIP archive (GDPR articles 15 and 20)',
    description:
      'JSON files, one page `index.html` to read in the language of the request, one’s documents, and `manifest.json`, which describes each file and names what is held and not handed out. The archive is a stream: without its end it broke off.',
  })
  @ApiOkResponse({ content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } } })
  async export(@Context() context: Candidate, @Res() reply: Reply): Promise<void> {
    const { fileName, content } = await this.#exports.begin(context);
    await reply
      .type('application/zip')
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .send(content);
  }

  @Delete()
  @HttpCode(202)
  @ApiOperation({
    summary:
      'Erase me (GDPR article 17): unreadable at once, for good; the rest is removed in the background',
    description:
      'Open applications are withdrawn, every session ends, and nothing can be brought back. The same address may register anew.',
  })
  @ApiAcceptedResponse({ type: ErasedDto })
  async erase(@Context() context: Candidate): Promise<ErasedDto> {
    const erased = await this.#erasures.begin(context, context.actor.candidateId, 'candidate');
    return presentErased(erased, context.locale);
  }
}
