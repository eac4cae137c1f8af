import { Global, Module } from '@nestjs/common';
import { Budget } from './budget/budget.js';
import { Disclosure } from './disclosure.js';
import { SealedAnswers } from './sealed-answers.js';

@Global()
@Module({ providers: [Budget, Disclosure, SealedAnswers], exports: [Disclosure, SealedAnswers] })
export class DisclosureModule {}
