"""How long things are kept, leased and waited for."""

from datetime import timedelta

LOCK = timedelta(seconds=15)
LEASE = timedelta(seconds=20)
CROWD_WINDOW = timedelta(seconds=10)
SESSION_LIFE = timedelta(hours=24)
TRACE_LIFE = SEEN_LIFE = timedelta(hours=48)
CASE_LIFE = timedelta(days=30)
"""How long a case that nobody has closed is kept after its last change; said so to her in content/about."""
DEAD_LIFE = timedelta(days=30)
NOTICE_LIFE = timedelta(seconds=10)
"""How long the line stands that says how much was deleted."""
LIMIT = timedelta(hours=46)
"""Messengers let messages be deleted for 48 hours; the sweep comes before."""
WAIT_FOR_LOCK = timedelta(seconds=20)
