"""OpenID Connect: the authorization code flow, with an identity provider that the settings name."""
