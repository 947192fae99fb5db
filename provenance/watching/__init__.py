"""Watching folders, feeds and archives: what is new is added, and what it shares is told."""

from __future__ import annotations

from provenance.watching.clock import Clock, Stopping
from provenance.watching.news import News, Shared
from provenance.watching.watcher import Round, Watcher

__all__ = ["Clock", "News", "Round", "Shared", "Stopping", "Watcher"]
