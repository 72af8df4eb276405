"""The worker as a process: woken by commits, killed in the midst of it, and two at once."""

import signal
import threading
from collections import Counter

import pytest

from tests.mail_server import MailServer
from tests.server.conftest import Installation, wait_for

pytestmark = pytest.mark.slow

STATES = "SELECT state, count(*) FROM outbox_messages GROUP BY state"

QUEUE_ONE = """
from app.extensions import db
from app.outbox.service import SecretLink, queue_mail
link = SecretLink(purpose="registration", subject_id=1, path="/r/{token}")
queue_mail(recipient="kim@example.org", subject="S", text="[[link]]", html="H", link=link)
db.session.commit()
"""


def test_a_commit_wakes_the_worker(installation: Installation, mail_server: MailServer) -> None:
    installation.create_tables()
    worker = installation.start("worker")
    wait_for(lambda: "worker ready" in installation.log("worker"))

    installation.flask("shell", input=QUEUE_ONE)

    wait_for(lambda: installation.rows(STATES) == [("sent", 1)])
    assert mail_server.recipients == ["kim@example.org"]
    worker.terminate()
    assert worker.wait(30) == 0
    log = installation.log("worker")
    assert "message 1: sent" in log
    assert "kim" not in log
    assert "/r/" not in log


def test_a_killed_worker_loses_nothing_and_repeats_only_the_mail_in_flight(
    installation: Installation, mail_server: MailServer
) -> None:
    installation.create_tables()
    installation.queue_mails(12)
    reached, go_on = threading.Event(), threading.Event()

    def block_the_fifth() -> None:
        if len(mail_server.arrived) == 5 and not reached.is_set():
            reached.set()
            go_on.wait(30)

    mail_server.before_answer = block_the_fifth
    worker = installation.start("worker")
    assert reached.wait(40)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    go_on.set()

    assert dict(installation.rows(STATES)) == {"sent": 4, "sending": 1, "waiting": 7}
    # The next worker takes a claim for dead that is older than any mail may take.
    installation.rows(
        "UPDATE outbox_messages SET claimed_at = '2026-01-01 00:00:00.000000'"
        " WHERE state = 'sending'"
    )
    installation.start("worker")
    wait_for(lambda: installation.rows(STATES) == [("sent", 12)])

    sent = Counter(mail_server.recipients)
    assert set(sent) == {f"kim{n}@example.org" for n in range(12)}
    assert sorted(sent.values()) == [1] * 11 + [2]
    (twice,) = [address for address, times in sent.items() if times == 2]
    assert len({m["Message-ID"] for m in mail_server.arrived if m["To"] == twice}) == 1


def test_two_workers_share_the_work(installation: Installation, mail_server: MailServer) -> None:
    installation.create_tables()
    installation.queue_mails(200)
    for _ in range(2):
        installation.start("worker")

    wait_for(lambda: installation.rows(STATES) == [("sent", 200)])

    assert sorted(mail_server.recipients) == sorted(f"kim{n}@example.org" for n in range(200))


def test_a_worker_that_is_asked_to_stop_finishes_the_mail_in_hand(
    installation: Installation, mail_server: MailServer
) -> None:
    installation.create_tables()
    installation.queue_mails(1)
    reached, go_on = threading.Event(), threading.Event()

    def block() -> None:
        reached.set()
        go_on.wait(30)

    mail_server.before_answer = block
    worker = installation.start("worker")
    assert reached.wait(40)
    worker.terminate()
    go_on.set()

    assert worker.wait(30) == 0
    assert installation.rows(STATES) == [("sent", 1)]
    assert len(mail_server.arrived) == 1
