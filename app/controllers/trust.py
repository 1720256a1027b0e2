"""The question whether to trust a workspace, on the first page that is opened."""

from __future__ import annotations

from app import services
from app.presenters.trust import present
from app.views import trust

__all__ = ["ask_about_trust"]


def ask_about_trust() -> None:
    """Draw the question at the top of the page if somebody else made the workspace."""
    studio = services.studio()
    if not studio.trust.is_trusted():
        trust.draw(lambda: present(studio.trust.untrusted()), lambda: studio.trust.grant())
