import { Controller, Delete, HttpCode } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { OperatorActor, RequestContext } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Roles, SessionTermination, StepUp } from '../../../modules/identity/index.js';
import { Context, PathId } from '../../../platform/http/index.js';

/** Sessions that may be in the wrong hands. Everybody's at once are ended on the command line only. */
@ApiTags('Operator')
@ApiBearerAuth('session')
@Controller('v1/operator/accounts')
@Roles('operator')
export class AccountSessionsController {
  readonly #termination: SessionTermination;

  constructor(termination: SessionTermination) {
    this.#termination = termination;
  }

  @Delete(':id/sessions')
  @HttpCode(204)
  @StepUp()
  @ApiOperation({
    summary: 'End every session of a person, candidate or staff; they are told',
    description: 'The id is the one that the ledger knows the person by.',
  })
  @ApiNoContentResponse()
  end(@Context() context: RequestContext<OperatorActor>, @PathId() id: AccountId): Promise<void> {
    return this.#termination.endOf(context, id);
  }
}
