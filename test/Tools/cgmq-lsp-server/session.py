# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: %python %s
"""A session of an editor with the language server, over its pipes."""

import json
import subprocess
import unittest

NETWORK = """\
ml_program.global private mutable @w(dense<0.5> : tensor<1x4x2xf32>) : tensor<1x4x2xf32>
ml_program.global private mutable @w.range(dense<1.0> : tensor<f32>) : tensor<f32>
ml_program.global private mutable @w.gate(dense<5.5> : tensor<f32>) : tensor<f32>

func.func @f() -> tensor<1x4x2xf32> {
  %w = ml_program.global_load @w : tensor<1x4x2xf32>
  %range = ml_program.global_load @w.range : tensor<f32>
  %gate = ml_program.global_load @w.gate : tensor<f32>
  %codes = cgmq.quantize %w, %range, %gate : tensor<1x4x2xf32>, tensor<f32>, tensor<f32>
      -> tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8], f32>>
  %x = cgmq.dequantize %codes : tensor<1x4x2x!cgmq.gated<signed, [2, 4, 8], f32>> -> tensor<1x4x2xf32>
  return %x : tensor<1x4x2xf32>
}
"""
BUDGET = """\
func.func private @f()
    attributes {cgmq.budget = #cgmq.budget<0.9 UNIT>}
"""


class Session:
    """Messages to and from a server, each with its length before it."""

    def __init__(self):
        self.server = subprocess.Popen(["cgmq-lsp-server"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.number = 0
        self.diagnostics = {}

    def send(self, method, params, **members):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **members}).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.server.stdin.flush()

    def receive(self):
        length = None
        while (line := self.server.stdout.readline().strip()) or length is None:
            if not line and self.server.poll() is not None:
                raise EOFError("the server has ended")
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message = json.loads(self.server.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message

    def request(self, method, params=None):
        """The answer to a request; what is told meanwhile is kept."""
        self.number += 1
        self.send(method, params, id=self.number)
        while (message := self.receive()).get("id") != self.number:
            pass
        if "error" in message:
            raise RuntimeError(message["error"])
        return message["result"]

    def open(self, uri, text):
        """The diagnostics of a document that is opened."""
        return self.tell(uri, "textDocument/didOpen", {"textDocument": {
            "uri": uri, "languageId": "mlir", "version": 1, "text": text}})

    def change(self, uri, text):
        """The diagnostics of a document that is typed anew."""
        return self.tell(uri, "textDocument/didChange", {
            "textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]})

    def tell(self, uri, method, params):
        self.diagnostics.pop(uri, None)
        self.send(method, params)
        while uri not in self.diagnostics:
            self.receive()
        return self.diagnostics[uri]

    def ask(self, method, uri, text, word, nth=0):
        """What the server says of the nth place where `word` stands."""
        at = -1
        for _ in range(nth + 1):
            at = text.index(word, at + 1)
        line = text.count("\n", 0, at)
        character = at - (text.rfind("\n", 0, at) + 1)
        return self.request(f"textDocument/{method}", {
            "textDocument": {"uri": uri}, "position": {"line": line, "character": character + 1}})


class SessionTest(unittest.TestCase):
    def setUp(self):
        self.session = Session()
        self.capabilities = self.session.request(
            "initialize", {"processId": None, "rootUri": None, "capabilities": {}})["capabilities"]
        self.session.send("initialized", {})

    def tearDown(self):
        self.session.request("shutdown")
        self.session.send("exit", None)
        self.session.server.communicate()
        self.assertEqual(self.session.server.returncode, 0)

    def test_capabilities(self):
        for name in ("hoverProvider", "definitionProvider", "referencesProvider"):
            self.assertTrue(self.capabilities[name], name)

    # The dialect's own rules are told where they are broken, until they are not.
    def test_diagnostics(self):
        uri = "file:///budget.mlir"
        diagnostic, = self.session.open(uri, BUDGET.replace("UNIT", "bits"))
        self.assertEqual(diagnostic["message"],
                         "expects unit percent, bop, bit or cost, but got 'bits'")
        self.assertEqual(diagnostic["range"]["start"]["line"], 1)
        self.assertEqual(diagnostic["severity"], 1)
        self.assertEqual(self.session.change(uri, BUDGET.replace("UNIT", "percent")), [])

    # A rule of an operation is told at the operation.
    def test_verifier(self):
        text = NETWORK.replace("[2, 4, 8]", "[4, 2, 8]")
        diagnostic = self.session.open("file:///widths.mlir", text)[0]
        self.assertIn("ascending", diagnostic["message"])
        self.assertEqual(diagnostic["range"]["start"]["line"], 9)

    def test_hover(self):
        uri = "file:///network.mlir"
        self.assertEqual(self.session.open(uri, NETWORK), [])
        hover = self.session.ask("hover", uri, NETWORK, "cgmq.quantize")["contents"]["value"]
        self.assertIn('"cgmq.quantize"', hover)
        self.assertIn("!cgmq.gated<signed, [2, 4, 8], f32>", hover)
        hover = self.session.ask("hover", uri, NETWORK, "%gate", 1)["contents"]["value"]
        self.assertIn("ml_program.global_load", hover)

    def test_definition(self):
        uri = "file:///network.mlir"
        self.session.open(uri, NETWORK)
        for word, nth, line in (("%codes", 1, 8), ("%range", 1, 6), ("@w.gate", 1, 2)):
            place, = self.session.ask("definition", uri, NETWORK, word, nth)
            self.assertEqual((place["uri"], place["range"]["start"]["line"]), (uri, line), word)


if __name__ == "__main__":
    unittest.main()
