"""The vault: seals what is stored (AES-GCM), keyed hashes for addresses, scrypt for her own words."""

import base64
import hashlib
import hmac
import json
import os
import secrets
import zlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.folding import fold
from bot.core.session import Answer
from bot.core.talk import Address

NONCE = SALT = 12
SCRYPT_PLAN = (2**15, 8, 1)
"""About a tenth of a second and 32 MB a guess."""
SCRYPT_WORD = (2**14, 8, 1)
_SPEAKABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class Unsealable(Exception):
    """A blob that this key never sealed, for this purpose: another secret, or somebody changed it."""


class Vault:
    """Everything that needs the secret. One secret, a key of its own for each purpose (HKDF)."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(_derive(secret, b"seal"))
        self._hash_key = _derive(secret, b"names")
        self._nonce_key = _derive(secret, b"nonces")
        self._secret = secret

    def derived(self, purpose: str) -> str:
        """A secret of its own for one purpose, in hexadecimal: the same as long as the secret is."""
        return _derive(self._secret, f"derived {purpose}".encode()).hex()

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """Compress and seal; what was sealed for one purpose opens for no other."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, zlib.compress(plain, 1), purpose.encode())

    def seal_alike(self, purpose: str, plain: bytes) -> bytes:
        """Seal so that the same bytes always look the same, and can be found again: for members of a set."""
        nonce = hashlib.blake2b(purpose.encode() + b"\0" + plain, key=self._nonce_key, digest_size=NONCE).digest()
        return nonce + self._cipher.encrypt(nonce, zlib.compress(plain, 1), purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """The plain bytes; raises Unsealable."""
        try:
            return zlib.decompress(self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode()))
        except (InvalidTag, ValueError, zlib.error) as e:
            raise Unsealable(purpose) from e

    def person(self, address: Address) -> str:
        """The keyed hash under which a person is stored: 24 characters, the same for the same address."""
        return self._mark("person", f"{address.channel}\0{address.user}")[:24]

    def event_mark(self, event_id: str) -> str:
        """The keyed hash of an event's id."""
        return self._mark("event", event_id)[:24]

    def parcel_id(self, event_id: str, number: int) -> str:
        """The id of the n-th parcel that an event made."""
        return self._mark("parcel", f"{event_id}\0{number}")[:16]

    def case_id(self, event_id: str) -> str:
        """A speakable id, "K-7F3QAX": no letter that sounds or looks like another."""
        number = int(self._mark("case", event_id)[:15], 16)
        letters = ""
        for _ in range(6):
            number, n = divmod(number, len(_SPEAKABLE))
            letters += _SPEAKABLE[n]
        return f"K-{letters}"

    def seal_plan(self, word: str, answers: dict[str, Answer]) -> str:
        """Seal answers with a key made of `word` (case and punctuation do not matter); the word is kept nowhere."""
        salt, nonce = os.urandom(SALT), os.urandom(NONCE)
        plain = zlib.compress(json.dumps(answers, ensure_ascii=False).encode())
        sealed = AESGCM(_stretch(word, salt, SCRYPT_PLAN)).encrypt(nonce, plain, b"plan")
        return base64.b64encode(salt + nonce + sealed).decode()

    def open_plan(self, word: str, sealed: str) -> dict[str, Answer] | None:
        """The answers, or None where the word is wrong."""
        raw = base64.b64decode(sealed)
        key = _stretch(word, raw[:SALT], SCRYPT_PLAN)
        try:
            plain = AESGCM(key).decrypt(raw[SALT : SALT + NONCE], raw[SALT + NONCE :], b"plan")
        except InvalidTag:
            return None
        found = json.loads(zlib.decompress(plain))
        return {at: answer if isinstance(answer, str) else tuple(answer) for at, answer in found.items()}

    def hash_word(self, word: str) -> str:
        """A salted hash of her word."""
        salt = os.urandom(SALT)
        return base64.b64encode(salt + _stretch(word, salt, SCRYPT_WORD)).decode()

    def is_word(self, word: str, hashed: str) -> bool:
        """True when `word` is the one that was hashed."""
        raw = base64.b64decode(hashed)
        return hmac.compare_digest(_stretch(word, raw[:SALT], SCRYPT_WORD), raw[SALT:])

    def four_words(self, words: Sequence[str]) -> str:
        """Four different words thrown by fair dice."""
        return " ".join(secrets.SystemRandom().sample(words, 4))

    def _mark(self, kind: str, what: str) -> str:
        return hashlib.blake2b(f"{kind}\0{what}".encode(), key=self._hash_key, digest_size=16).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"pana", info=purpose).derive(secret.encode())


def _stretch(word: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(fold(word).encode(), salt=salt, n=n, r=r, p=p, maxmem=2**27, dklen=32)
