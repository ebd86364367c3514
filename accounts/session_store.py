"""Sessions in the database, encrypted: a second factor that is being set up lies in one."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from core.ciphers import current_cipher


class SessionStore(DatabaseStore):
    """What a session holds is stored under the sealing key; what cannot be read holds nothing."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return the content as it is stored."""
        return current_cipher().encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Return the content of what ``encode`` stored, under whichever of the keys."""
        try:
            return super().decode(current_cipher().decrypt(session_data).decode())
        except InvalidToken:
            return {}
