import { Global, Module } from '@nestjs/common';
import { Budget } from './budget/budget.js';
import { BudgetUsage } from './budget/budget-usage.js';
import { ReadingHistory } from './budget/reading-history.js';
import { SpentBudget } from './budget/spent-budget.js';
import { SpentRows } from './budget/spent-rows.js';
import { WarnedRows } from './budget/warned-rows.js';
import { Canaries } from './canary/canaries.js';
import { Counting } from './counting.js';
import { Disclosure } from './disclosure.js';
import { DocumentDisclosure } from './document-disclosure.js';
import { ReleaseGate } from './release-gate.js';
import { SealedAnswers } from './sealed-answers.js';

@Global()
@Module({
  providers: [
    Budget,
    BudgetUsage,
    SpentBudget,
    SpentRows,
    WarnedRows,
    ReadingHistory,
    Canaries,
    ReleaseGate,
    Counting,
    Disclosure,
    DocumentDisclosure,
    SealedAnswers,
  ],
  exports: [
    BudgetUsage,
    ReadingHistory,
    Canaries,
    SpentBudget,
    Counting,
    Disclosure,
    DocumentDisclosure,
    SealedAnswers,
  ],
})
export class DisclosureModule {}
