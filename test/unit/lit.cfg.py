import os

import lit.formats

# Each test of each GoogleTest program, as a test of lit.
config.name = "cgmq-unit"
config.test_format = lit.formats.GoogleTest("", "Tests")
config.suffixes = []
config.test_source_root = os.path.join(config.cgmq_obj_root, "test", "unit")
config.test_exec_root = config.test_source_root
