import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode, Failure } from '../../../kernel/errors.js';
import { worded } from '../../../kernel/wording.js';
import { OneOf, Text, WholeNumber } from '../fields.js';
import { PROBLEMS } from '../problems.js';

class ProblemDescription {
  @OneOf(ERROR_CODES, { example: 'not_found' })
  readonly code: ErrorCode;

  @WholeNumber({ min: 400, max: 599, example: 404 })
  readonly status: number;

  @Text({ max: 200, example: 'Il n’y a rien ici.' })
  readonly fr: string;

  @Text({ max: 200, example: 'There is nothing here.' })
  readonly en: string;
}

const describe = (code: ErrorCode): ProblemDescription => ({
  code,
  status: PROBLEMS[code].status,
  en: worded(PROBLEMS[code].title, 'en'),
  fr: worded(PROBLEMS[code].title, 'fr'),
});

/** What the `type` of a problem document points at. */
@ApiTags('Operations')
@Controller('problems')
export class ProblemsController {
  @Get()
  @ApiOperation({ summary: 'Every error code with its status and title' })
  @ApiOkResponse({ type: [ProblemDescription] })
  list(): readonly ProblemDescription[] {
    return ERROR_CODES.map(describe);
  }

  @Get(':code')
  @ApiOperation({ summary: 'One error code' })
  @ApiParam({ name: 'code', schema: { type: 'string', example: 'not_found' } })
  @ApiOkResponse({ type: ProblemDescription })
  one(@Param('code') text: string): ProblemDescription {
    const code = ERROR_CODES.find((known) => known === text);
    if (code === undefined) throw new Failure('not_found');
    return describe(code);
  }
}
