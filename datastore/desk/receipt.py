"""What the desk answers once a command is durable."""

from dataclasses import dataclass

from twin_model.case_file import CaseFile


@dataclass(frozen=True)
class Receipt:
    """Acknowledgement of one command.

    Parameters
    ----------
    case_no : str
        The case, or the candidate's number.
    seq : int
        Of the case's latest event; -1 for a candidate.
    kind : str
        Action that was asked for.
    repeated : bool
        The same report had come before: nothing was changed.
    candidate : bool
        The report waits as a candidate.
    file : CaseFile or None
        The case as it stands; None for a candidate.
    """

    case_no: str
    seq: int
    kind: str
    repeated: bool = False
    candidate: bool = False
    file: CaseFile | None = None
