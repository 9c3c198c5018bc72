"""Proves that the check of the layers accepts a clean tree and refuses each kind of fault."""

import tempfile
import unittest
from pathlib import Path

import layers

CASES = [
    ("a module may import from below", {"Work/A.swift": "import Storage\npackage import Labeling\n"}, None),
    ("libraries are free", {"Media/A.swift": "import Crypto\nimport Logging\n"}, None),
    ("the router is the server's", {"Server/A.swift": "import Hummingbird\n"}, None),
    ("SQL may stand in a comment", {"Work/A.swift": '// as in "SELECT x FROM y WHERE"\n'}, None),
    ("storage does not know work", {"Storage/A.swift": "import Logging\nimport Work\n"}, "A.swift:2"),
    ("mathematics imports nothing", {"Geometry/A.swift": "import JSON\n"}, "A.swift:1"),
    ("the access level hides nothing", {"Labeling/A.swift": "package import Storage\n"}, "A.swift:1"),
    ("nor does an attribute", {"Labeling/A.swift": "@preconcurrency import Media\n"}, "A.swift:1"),
    ("nor does the import of one type", {"Labeling/A.swift": "import struct Storage.Row\n"}, "A.swift:1"),
    ("pure modules do no input or output", {"JSON/A.swift": "import NIOCore\n"}, "A.swift:1"),
    ("the router is nobody else's", {"Work/A.swift": "import Hummingbird\n"}, "A.swift:1"),
    ("the driver is nobody else's", {"Work/A.swift": "import GRDB\n"}, "A.swift:1"),
    ("C is called from its own module", {"Work/A.swift": "import CVips\n"}, "A.swift:1"),
    ("one file calls it", {"Media/A.swift": "import CVips\n", "Media/B.swift": "import CVips\n"}, "B.swift:1"),
    ("SQL stands in storage", {"Work/A.swift": 'let x = "DELETE FROM task WHERE id = 1"\n'}, "A.swift:1"),
    ("settings are read in one place", {"Media/A.swift": 'let x = getenv("VERNIER_DATA")\n'}, "A.swift:1"),
    ("and by one library", {"Work/A.swift": "import Configuration\n"}, "A.swift:1"),
    ("every module is known", {"Helpers/A.swift": "\n"}, "A.swift:1"),
]


class Layers(unittest.TestCase):
    def test_cases(self):
        for name, files, expected in CASES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                for path, text in files.items():
                    file = Path(folder, path)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(text, encoding="utf-8")
                found = layers.faults(Path(folder))
                if expected is None:
                    self.assertEqual(found, [])
                else:
                    self.assertEqual(len(found), 1, found)
                    self.assertIn(expected, found[0])


if __name__ == "__main__":
    unittest.main()
