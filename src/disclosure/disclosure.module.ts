import { Global, Module } from '@nestjs/common';
import { Budget } from './budget/budget.js';
import { BudgetUsage } from './budget/budget-usage.js';
import { Disclosure } from './disclosure.js';
import { SealedAnswers } from './sealed-answers.js';

@Global()
@Module({
  providers: [Budget, BudgetUsage, Disclosure, SealedAnswers],
  exports: [BudgetUsage, Disclosure, SealedAnswers],
})
export class DisclosureModule {}
