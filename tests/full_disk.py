"""A desk whose disk fills up while it works: run by a test, in a process of its own that may be bounded."""

import resource
import signal
import sys
from pathlib import Path

from datastore.errors import StoreFullError
from tests.desk_cases import Clock, assert_counted, open_desk, report, settled

REPORTS = 60


def main(data_dir: Path, room: int, fold_at: str) -> None:
    """Report cases until there is no room, look at what was taken, make room, and report another one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open_desk(data_dir, Clock()) as desk:
        settled(desk)
        desk.store._con.execute(f"SET wal_autocheckpoint = '{fold_at}'")
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        most = desk.store.path.stat().st_size + room if fold_at != "1TB" else room
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        taken, refused = [], []
        for number in range(REPORTS):
            try:
                taken.append(desk.do(report(number, ref=str(number))).case_no)
            except StoreFullError as error:
                refused.append(number)
                sys.stdout.write(f"{error}\n")
        found = [desk.read(no).file.ref for no in taken]
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        again = [desk.do(report(number, ref=str(number))) for number in refused]
        assert not any(receipt.repeated for receipt in again)
        assert sorted(map(int, [*found, *(receipt.file.ref for receipt in again)])) == list(range(REPORTS))
        settled(desk)
        assert_counted(desk.store)
    sys.stdout.write(f"taken {len(taken)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
