"""Everything this package raises on purpose.

    ProvenanceError
    ├── InputError            something given to be read cannot be used
    │   ├── UnreadableError   no such file, no permission, a folder that cannot be listed
    │   ├── EmptyInputError   nothing in it, or nothing but white space
    │   ├── BinaryInputError  not text: an image, an archive, a PDF
    │   ├── MalformedError    JSON, CSV or HTML that does not parse, or lacks a required field
    │   ├── TooLargeError     beyond a size limit of the settings
    │   └── FetchError        an address that may not be fetched, or could not be
    ├── SettingsError         a settings file names an unknown setting or an impossible value
    ├── StoreError            the database
    │   ├── NewerDatabaseError   made by a later version of this package
    │   ├── NotADatabaseError    the file is something else
    │   └── LockedDatabaseError  another program holds it
    ├── NotFoundError         an article, cluster, source or span that the collection does not hold
    └── MissingExtraError     an optional component is not installed

Each message names the file, the record where there is one, and the remedy. Only the command line turns them into
messages and exit codes; the library lets them through.
"""

from __future__ import annotations


class ProvenanceError(Exception):
    """The base of every error this package raises on purpose.

    Attributes:
        where: the file, and the record in it, that the error is about; empty where there is none.
        what: what is wrong.
        remedy: what the user can do about it.
        exit_code: what the command line exits with.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.where = where
        self.what = what
        self.remedy = remedy
        message = f"{where}: {what}" if where else what
        super().__init__(f"{message} ({remedy})" if remedy else message)


class InputError(ProvenanceError):
    """Something given to be read cannot be used."""

    exit_code = 3


class UnreadableError(InputError):
    """No such file, no permission, or a folder that cannot be listed."""


class EmptyInputError(InputError):
    """Nothing in it, or nothing but white space."""


class BinaryInputError(InputError):
    """Not text: an image, an archive, a PDF."""


class MalformedError(InputError):
    """JSON, CSV or HTML that does not parse, or a record that lacks a required field."""


class TooLargeError(InputError):
    """Beyond a size limit of the settings."""


class FetchError(InputError):
    """An address that may not be fetched, or that could not be.

    Attributes:
        status: the HTTP status that was answered; None where there was no answer.
        retry_seconds: how long the server asked to be left alone; None where it did not say.
        transient: whether the same request may succeed later.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        remedy: str = "",
        status: int | None = None,
        retry_seconds: float | None = None,
        transient: bool = False,
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.status = status
        self.retry_seconds = retry_seconds
        self.transient = transient


class SettingsError(ProvenanceError):
    """A settings file names an unknown setting or an impossible value."""

    exit_code = 2


class StoreError(ProvenanceError):
    """The database cannot be used as asked."""

    exit_code = 4


class NewerDatabaseError(StoreError):
    """The database was made by a later version of this package."""


class NotADatabaseError(StoreError):
    """The file is not a database of this package."""


class LockedDatabaseError(StoreError):
    """Another program holds the database."""


class NotFoundError(ProvenanceError):
    """An article, cluster, source or span that the collection does not hold."""

    exit_code = 5


class MissingExtraError(ProvenanceError):
    """An optional component is not installed; the message names the extra to install."""

    exit_code = 6
