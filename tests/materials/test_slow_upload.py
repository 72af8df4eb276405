"""Somebody with a slow line sends slides; meanwhile all others go on."""

import socket
import threading
import time

from flask import Flask
from werkzeug.serving import make_server

from tests.materials import samples
from tests.pages import Visitor
from tests.speakers.conftest import Cast


def test_a_file_on_its_way_keeps_nobody_from_writing(
    app: Flask, visitor: Visitor, cast: Cast
) -> None:
    page = visitor.get(f"{cast.page}/sessions/{cast.session.id}/files")
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    token = page.one("main input[name=csrf_token]").get("value")
    part = 'Content-Disposition: form-data; name="'
    body = (
        f'--x\r\n{part}csrf_token"\r\n\r\n{token}\r\n--x\r\n{part}file"; filename="a.png"\r\n\r\n'
    ).encode() + samples.picture()
    end = b"\r\n--x--\r\n"
    head = (
        f"POST {page.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Cookie: session={cookie.value}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {len(body + end)}\r\n\r\n"
    ).encode()
    own = visitor.get(cast.page)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as line:
            line.sendall(head + body)
            time.sleep(0.2)  # the server reads, and waits for the rest
            began = time.monotonic()
            confirmed = visitor.submit(own, form="form[action$='/confirm']")
            assert time.monotonic() - began < 5
            line.sendall(end)
            answer = line.recv(1000)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "Ihr Termin ist bestätigt." in confirmed.text()
    assert b" 303 " in answer.split(b"\r\n")[0], answer
    assert "a.png" in visitor.get(page.path).text()
