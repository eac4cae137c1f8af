import { Module } from '@nestjs/common';
import { UnusualAccessWatch } from './unusual-access-watch.js';

@Module({ providers: [UnusualAccessWatch], exports: [UnusualAccessWatch] })
export class UnusualAccessModule {}
