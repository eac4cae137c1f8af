import { Global, Module } from '@nestjs/common';
import { Destinations } from './destinations.js';
import { HttpsPosts } from './https-posts.js';

/** What leaves for addresses that others have given. */
@Global()
@Module({ providers: [Destinations, HttpsPosts], exports: [Destinations, HttpsPosts] })
export class OutboundModule {}
