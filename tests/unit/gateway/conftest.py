"""The application with nothing behind it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.gateway import application


@pytest.fixture(scope="session")
def app() -> Flask:
    return application()


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()
