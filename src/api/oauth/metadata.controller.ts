import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AGENCY_SCOPES, AuthorizationServer, CLIENT_ALGORITHMS } from '../../modules/agencies/index.js';
import { Text, Texts } from '../../platform/http/fields.js';

class ServerMetadata {
  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth' })
  readonly issuer: string;

  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth/token' })
  readonly token_endpoint: string;

  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth/introspect' })
  readonly introspection_endpoint: string;

  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth/revoke' })
  readonly revocation_endpoint: string;

  @Text({ max: 200, example: 'https://candidatures.example.fr/oauth/jwks' })
  readonly jwks_uri: string;

  @Texts({ max: 20, example: AGENCY_SCOPES })
  readonly scopes_supported: string[];

  @Texts({ max: 0, example: [] })
  readonly response_types_supported: string[];

  @Texts({ max: 5, example: ['client_credentials'] })
  readonly grant_types_supported: string[];

  @Texts({ max: 5, example: ['private_key_jwt'] })
  readonly token_endpoint_auth_methods_supported: string[];

  @Texts({ max: 5, example: CLIENT_ALGORITHMS })
  readonly token_endpoint_auth_signing_alg_values_supported: string[];

  @Texts({ max: 5, example: ['private_key_jwt'] })
  readonly introspection_endpoint_auth_methods_supported: string[];

  @Texts({ max: 5, example: CLIENT_ALGORITHMS })
  readonly introspection_endpoint_auth_signing_alg_values_supported: string[];

  @Texts({ max: 5, example: ['private_key_jwt'] })
  readonly revocation_endpoint_auth_methods_supported: string[];

  @Texts({ max: 5, example: CLIENT_ALGORITHMS })
  readonly revocation_endpoint_auth_signing_alg_values_supported: string[];

  @Texts({ max: 5, example: CLIENT_ALGORITHMS })
  readonly dpop_signing_alg_values_supported: string[];
}

class ResourceMetadata {
  @Text({ max: 200, example: 'https://candidatures.example.fr/v1' })
  readonly resource: string;

  @Texts({ max: 1, example: ['https://candidatures.example.fr/oauth'] })
  readonly authorization_servers: string[];

  @Texts({ max: 20, example: AGENCY_SCOPES })
  readonly scopes_supported: string[];

  @Texts({ max: 1, example: [] })
  readonly bearer_methods_supported: string[];

  @Texts({ max: 5, example: CLIENT_ALGORITHMS })
  readonly dpop_signing_alg_values_supported: string[];
}

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
    const algorithms = [...CLIENT_ALGORITHMS];
    return {
      issuer,
      token_endpoint: `${issuer}/token`,
      introspection_endpoint: `${issuer}/introspect`,
      revocation_endpoint: `${issuer}/revoke`,
      jwks_uri: `${issuer}/jwks`,
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
      dpop_signing_alg_values_supported: [...CLIENT_ALGORITHMS],
    };
  }
}
