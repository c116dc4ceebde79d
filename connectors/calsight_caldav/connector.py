"""The connector that calsight calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property

from calsight import Calendar, Window
from calsight.kit.retry import RetryPolicy
from calsight.kit.signins import SignIns
from calsight.kit.sync import Pages, binding, increment_or_all, usable_state
from calsight.protocols import Cancel, ConnectorContext, Page, ProgressCallback
from calsight_caldav import signin
from calsight_caldav.account import Account, calendar_of
from calsight_caldav.busy import busy_of
from calsight_caldav.course import Course
from calsight_caldav.dav import Dav, Login

#: Goes into the sync state: a state of another version is not used, so that entries are read anew.
_VERSION = 1

#: After this time everything is read anew even where the server still knows our state: some forget deletions and do not say so.
_FULL_AFTER = timedelta(days=7)


class CaldavConnector:
    """Reads calendars of a CalDAV server.

    `caldav` is all of one's own, `caldav:NAME` one of the account's, `caldav:ADDRESS` those that a person shares.
    """

    incremental = True
    confined = True

    def __init__(self, context: ConnectorContext, *, policy: RetryPolicy | None = None) -> None:
        """`policy` is how patient to be with the server."""
        self._settings = context.settings
        self._zone = context.zone
        self._state_dir = context.state_dir
        self._access = context.access
        self._policy = policy or RetryPolicy()
        self._known: Account | None = None
        self._now: Callable[[], datetime] = lambda: datetime.now(UTC)

    # --- signing in -------------------------------------------------------------------------------------------------------

    def connect(self, *, interactive: bool, say: Callable[[str], None]) -> None:
        """Find the server and sign in: with a user and a password, or through the browser where the server can that."""
        signin.connect(self._checked, self._signins, self._policy, self._access, interactive=interactive, say=say)

    def guide(self) -> str:
        """Where each known service has its calendars, and makes app passwords."""
        return signin.guide(self._signins)

    def disconnect(self) -> None:
        """Forget the sign-in; where it was made through the browser, end it at the server, too."""
        signin.disconnect(self._checked, self._signins, self._access)

    def status(self) -> str:
        """One short line for `calsight sources`."""
        return signin.status(self._checked, self._signins)

    @cached_property
    def _checked(self) -> signin.CaldavSettings:
        return signin.CaldavSettings.of(self._settings)

    @cached_property
    def _signins(self) -> SignIns:
        return SignIns(self._state_dir, in_file=self._checked.token_file)

    @cached_property
    def _login(self) -> Login:
        return signin.login(self._checked, self._signins, self._access)

    @contextmanager
    def _account(self, cancel: Cancel | None = None) -> Iterator[Account]:
        """The account, over a connection of its own; who it is and what it has is asked for once."""
        with closing(Dav(self._login, self._policy.begin(cancel))) as dav:
            account = Account(dav)
            if self._known is not None:
                account.person, account.listed = self._known.person, self._known.listed
            yield account
            self._known = account

    # --- reading ----------------------------------------------------------------------------------------------------------

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendars of that name or address; all of one's own for "". Raises `SourceError`, `UsageError`."""
        with self._account() as account:
            return [calendar_of(account, one) for one in account.meant(reference)]

    def fetch(
        self,
        calendar: Calendar,
        window: Window,
        *,
        state: bytes | None = None,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        """The occurrences of one calendar that overlap `window`; the server is never asked to expand recurrence.

        With the `state` of an earlier fetch of the same account, calendar and window: what has changed since. Where the server
        does not know it any more, everything.
        """
        with closing(Dav(self._login, self._policy.begin(cancel))) as dav:
            began = self._now()
            zone = calendar.zone or self._zone
            bound = binding(_VERSION, window, self._login.server, self._login.user, calendar.id, zone)
            course = Course(dav, calendar, window, zone, bound, began, Pages(calendar.name, progress))
            known = usable_state(state, bound, began, lasts=_FULL_AFTER)
            yield from increment_or_all(known, course.increment, course.everything)

    def free_busy(self, people: Sequence[str], window: Window) -> Mapping[str, Sequence[Window] | None]:
        """For each address the busy spans inside `window`, or None where the server may not tell."""
        with self._account() as account:
            return busy_of(account, people, window)
