"""A desk with several writers, run by a test in a process of its own that is killed; each acknowledgement is told."""

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from datastore.desk.desk import Desk
from tests.desk_cases import OPERATOR, VIDEO, open_desk, photo, report, unit_actor
from twin_model.command import Command
from twin_model.errors import RefusedError
from twin_model.workflow import Action

WRITERS = 4


def told(line: str) -> None:
    """Write one line at once, whole."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()


def work(desk: Desk, writer: int, begun: int) -> None:
    """Report cases, and see some of them through."""
    turn = begun
    while True:
        turn += 1
        place = (turn * WRITERS + writer) % 200
        if turn % 7 == 0:
            waiting = desk.do(report(place, VIDEO, confidence="0.3", ref=f"v{writer}-{turn}"))
            told(f"candidate {waiting.case_no}")
            continue
        receipt = desk.do(report(place, ref=f"{writer}-{turn}"))
        told(f"{receipt.seq} {receipt.case_no}")
        file = receipt.file
        if file is None or not file.unit or turn % 2:
            continue
        unit = unit_actor(file.unit)
        after = (("after", photo(f"{writer}-{turn}", datetime.now(UTC))),)
        for command in (
            Command(Action.ACCEPT, unit, file.case_no),
            Command(Action.NOTE, OPERATOR, file.case_no, {"text": "催办"}),
            Command(Action.FEEDBACK, unit, file.case_no, photos=after),
        ):
            try:
                done = desk.do(command)
            except RefusedError:
                continue
            told(f"{done.seq} {done.case_no}")


def main(data_dir: Path, begun: int) -> None:
    """Work until somebody ends it."""
    with open_desk(data_dir, lambda: datetime.now(UTC)) as desk:
        told("open")
        for writer in range(WRITERS):
            threading.Thread(target=work, args=(desk, writer, begun), daemon=True).start()
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
