"""One case as an actor may see it: its record, or nothing where it is not the actor's to see."""

import duckdb

from datastore.desk.record import CaseRecord
from datastore.desk.reference import Reference
from datastore.desk.shelf import read_record
from datastore.errors import UnknownCaseError
from datastore.queries.desk_scope import OFFICE_PREFIX, DeskScope
from twin_model.actor import Role
from twin_model.case_file import CaseFile
from twin_model.desk_queue import Sight, sight_of


def desk_case(cur: duckdb.DuckDBPyConnection, reference: Reference, case_no: str, scope: DeskScope) -> CaseRecord:
    """Record of a case that a scope may see.

    Parameters
    ----------
    cur : DuckDBPyConnection
        Reading cursor.
    reference : Reference
        Codes of the store.
    case_no : str
    scope : DeskScope
        Who asks: a department sees what it leads or assists, a street or town also what lies in it.

    Raises
    ------
    UnknownCaseError
        If there is no such case, or it is not the actor's to see; the two are not told apart.
    """
    record = read_record(cur, reference, case_no)
    if not sees_case(scope, record.file):
        raise UnknownCaseError(case_no)
    return record


def sees_case(scope: DeskScope, file: CaseFile) -> bool:
    """Whether a case is a scope's to see."""
    sight = sight_of(scope.role)
    if sight is not Sight.UNIT:
        return sight is Sight.ALL
    if scope.unit_code and scope.unit_code in (file.unit, *file.assist):
        return True
    own = scope.unit_code.removeprefix(OFFICE_PREFIX)
    return scope.role is Role.STREET and bool(own) and file.street == own
