import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AGENCY_SCOPES,
  AuthorizationServer,
  ENDPOINTS,
  SIGNATURE_ALGORITHMS,
} from '../../modules/agencies/index.js';
import { ResourceMetadata, ServerMetadata } from './metadata.js';

/** What agencies' programs discover (RFC 8414, RFC 9728). */
@ApiTags('OAuth')
@Controller('.well-known')
export class MetadataController {
  readonly #server: AuthorizationServer;

  constructor(server: AuthorizationServer) {
    this.#server = server;
  }

  @Get(['oauth-authorization-server', 'oauth-authorization-server/oauth'])
  @ApiOperation({ summary: 'The authorization server (RFC 8414)' })
  @ApiOkResponse({ type: ServerMetadata })
  server(): ServerMetadata {
    const { issuer } = this.#server;
    const methods = ['private_key_jwt'];
    const algorithms = [...SIGNATURE_ALGORITHMS];
    return {
      issuer,
      token_endpoint: `${issuer}${ENDPOINTS.token}`,
      introspection_endpoint: `${issuer}${ENDPOINTS.introspection}`,
      revocation_endpoint: `${issuer}${ENDPOINTS.revocation}`,
      jwks_uri: `${issuer}${ENDPOINTS.jwks}`,
      scopes_supported: [...AGENCY_SCOPES],
      response_types_supported: [],
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: methods,
      token_endpoint_auth_signing_alg_values_supported: algorithms,
      introspection_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_signing_alg_values_supported: algorithms,
      revocation_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_signing_alg_values_supported: algorithms,
      dpop_signing_alg_values_supported: algorithms,
    };
  }

  @Get(['oauth-protected-resource', 'oauth-protected-resource/v1'])
  @ApiOperation({ summary: 'The resource that tokens are for (RFC 9728)' })
  @ApiOkResponse({ type: ResourceMetadata })
  resource(): ResourceMetadata {
    return {
      resource: this.#server.resource,
      authorization_servers: [this.#server.issuer],
      scopes_supported: [...AGENCY_SCOPES],
      bearer_methods_supported: [],
      dpop_signing_alg_values_supported: [...SIGNATURE_ALGORITHMS],
      dpop_bound_access_tokens_required: true,
    };
  }
}
