import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AGENCY_SCOPES,
  AuthorizationServer,
  ENDPOINTS,
  MUTUAL_TLS,
  SIGNATURE_ALGORITHMS,
} from '../../modules/agencies/index.js';
import { Settings } from '../../platform/config/settings.js';
import { MutualTlsAliases, ResourceMetadata, ServerMetadata } from './metadata.js';

/** What agencies' programs discover (RFC 8414, RFC 9728). */
@ApiTags('OAuth')
@Controller('.well-known')
export class MetadataController {
  readonly #server: AuthorizationServer;
  readonly #settings: Settings;

  constructor(server: AuthorizationServer, settings: Settings) {
    this.#server = server;
    this.#settings = settings;
  }

  @Get(['oauth-authorization-server', 'oauth-authorization-server/oauth'])
  @ApiOperation({ summary: 'The authorization server (RFC 8414)' })
  @ApiOkResponse({ type: ServerMetadata })
  server(): ServerMetadata {
    const { issuer } = this.#server;
    const { mutualTls } = this.#settings.http;
    const methods = mutualTls === undefined ? ['private_key_jwt'] : ['private_key_jwt', MUTUAL_TLS];
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
      tls_client_certificate_bound_access_tokens: mutualTls !== undefined,
      ...(mutualTls === undefined ? {} : { mtls_endpoint_aliases: aliasesAt(`${mutualTls.url}/oauth`) }),
    };
  }

  @Get(['oauth-protected-resource', 'oauth-protected-resource/v1'])
  @ApiOperation({ summary: 'The resource that tokens are for (RFC 9728)' })
  @ApiOkResponse({ type: ResourceMetadata })
  resource(): ResourceMetadata {
    const takesCertificates = this.#settings.http.mutualTls !== undefined;
    return {
      resource: this.#server.resource,
      authorization_servers: [this.#server.issuer],
      scopes_supported: [...AGENCY_SCOPES],
      bearer_methods_supported: takesCertificates ? ['header'] : [],
      dpop_signing_alg_values_supported: [...SIGNATURE_ALGORITHMS],
      dpop_bound_access_tokens_required: !takesCertificates,
      tls_client_certificate_bound_access_tokens: takesCertificates,
    };
  }
}

/** RFC 8705 §5: the same endpoints, where a certificate is asked for. */
function aliasesAt(server: string): MutualTlsAliases {
  return {
    token_endpoint: `${server}${ENDPOINTS.token}`,
    introspection_endpoint: `${server}${ENDPOINTS.introspection}`,
    revocation_endpoint: `${server}${ENDPOINTS.revocation}`,
  };
}
