# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Configuration files, good and bad, as posternctl reads them."""

import re

from postern_site.case import PolicydTest


class Files(PolicydTest):
    def check(self, text):
        self.conf.write_text(text)
        return self.posternctl().run("check-config")

    def test_a_good_configuration_is_accepted(self):
        self.write_conf()
        self.assertEqual(self.posternctl().run("check-config").code, 0)

    def test_mistakes_are_named_with_file_and_line(self):
        plan = 'plan free {\n  %s\n}\n'
        for text, line, words in (
            ('mode = "enforce"\nmod = "x"\n', 2, "mode"),
            ('\nmode = "inforce"\n', 2, "enforce"),
            (plan % 'mesages = { "5/1m" }', 2, "messages"),
            (plan % 'messages = { "5/1y" }', 2, "1y"),
            (plan % 'messages = { "5/1m", "3/1h" }', 2, "3 in 1 hour"),
            (plan % 'message_size = "30Q"', 2, "30Q"),
            ('trusted_networks = { "10.0.0.1/8" }\n', 1, "10.0.0.1/8"),
            ('default_plan = "gold"\n' + plan % "", 1, "gold"),
            (plan % 'messages = { "5/1m"', None, ""),
        ):
            with self.subTest(text=text):
                result = self.check(text)
                self.assertEqual(result.code, 78, result)
                number = r"\d+" if line is None else str(line)
                place = rf"{re.escape(str(self.conf))}:{number}: "
                self.assertRegex(result.err, place)
                self.assertIn(words, result.err)

    def test_a_mistake_in_an_included_file_is_named_there(self):
        self.write_conf()
        more = self.dir / "conf.d"
        more.mkdir()
        (more / "50-more.conf").write_text("# more\n\nmode = sleep\n")
        result = self.posternctl().run("check-config")
        self.assertEqual(result.code, 78)
        self.assertIn(f"{more / '50-more.conf'}:3: ", result.err)

    def test_config_n_prints_what_differs_and_can_be_read_again(self):
        self.write_conf({"messages": ["5/1m"], "message_size": "30M"})
        text = self.ctl("config", "-n").out
        self.assertIn("5/1m", text)
        self.assertIn("30M", text)
        self.assertNotIn("imap_check", text)
        every = self.ctl("config").out
        self.assertIn("imap_check", every)
        self.conf.write_text(text)
        self.assertEqual(self.ctl("config").out, every)
