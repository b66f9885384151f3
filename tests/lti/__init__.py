"""LTI, without the application: a platform that is made of keys and claims."""
