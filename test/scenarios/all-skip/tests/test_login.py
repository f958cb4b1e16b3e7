import pytest


@pytest.mark.requires_deps("keycloak")
def test_login(deps):
    raise AssertionError("never run")
