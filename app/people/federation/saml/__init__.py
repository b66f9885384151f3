"""SAML 2.0: we as a service provider, beside an identity provider whose metadata is a file."""
