"""A name server that answers each question for a name otherwise, as those do who want to lead a judged name elsewhere.

Names say themselves what is answered: `a9.b1.<anything>.rebind.test` is 127.0.0.9 at first and 127.0.0.1 from then on;
with `both` in front it is both at once.
"""

import socket
import struct
import subprocess
import threading
from collections import Counter
from pathlib import Path

IPV4 = 1


class NameServer:
    """Answers on a port of 127.0.0.1 without letting anybody keep an answer; `asked` counts the questions for IPv4."""

    def __init__(self):
        self.asked: Counter[str] = Counter()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def settings(self, folder: Path) -> dict[str, str]:
        """The environment of a program that is to ask here; `folder` takes the library that makes it do so."""
        library = folder / "names.so"
        source = Path(__file__).with_suffix(".c")
        subprocess.run(["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, source, "-ldl", "-lresolv"], check=True)
        return {"LD_PRELOAD": str(library), "NAME_SERVER_PORT": str(self.socket.getsockname()[1])}

    def close(self) -> None:
        # A thread that waits for a packet does not notice that its socket is closed.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.socket.getsockname())

    def _serve(self) -> None:
        with self.socket:
            while True:
                packet, client = self.socket.recvfrom(4096)
                if not packet:
                    return
                self.socket.sendto(self._answer(packet), client)

    def _answer(self, packet: bytes) -> bytes:
        labels, place = [], 12
        while packet[place]:
            labels.append(packet[place + 1 : place + 1 + packet[place]].decode("ascii").lower())
            place += 1 + packet[place]
        question = packet[12 : place + 5]
        kind = struct.unpack_from(">H", packet, place + 1)[0]
        addresses = self._addresses(labels) if kind == IPV4 else []
        # A pointer to the name in the question, class internet, no time to live.
        records = b"".join(struct.pack(">HHHIH", 0xC00C, IPV4, 1, 0, 4) + socket.inet_aton(one) for one in addresses)
        return packet[:2] + struct.pack(">HHHHH", 0x8180, 1, len(addresses), 0, 0) + question + records

    def _addresses(self, labels: list[str]) -> list[str]:
        name = ".".join(labels)
        if not name.endswith(".rebind.test"):
            return []
        self.asked[name] += 1
        places = [f"127.0.0.{label[1:]}" for label in labels if label[1:].isdigit() and label[0] in "ab"]
        if labels[0] == "both":
            return places
        return [places[min(self.asked[name], len(places)) - 1]]
