import pytest


@pytest.mark.django_db
def test_strict_transport_security_follows_the_public_address(client, settings):
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.PUBLIC_URL = "https://words.example.org"
    assert client.get("/healthz")["Strict-Transport-Security"] == "max-age=31536000"
    settings.PUBLIC_URL = "http://words.example.org"
    assert "Strict-Transport-Security" not in client.get("/healthz")


@pytest.mark.django_db
def test_no_header_of_a_request_can_claim_tls(client, settings):
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.PUBLIC_URL = "http://words.example.org"
    response = client.get("/healthz", secure=True, headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in response
