# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What postern-policyd writes to its log."""

from postern_site.case import ALICE, BOB, PolicydTest, PostfixTest
from postern_site.times import iso_time, told_time


class BehindPostfix(PostfixTest):
    def test_a_refusal_is_one_line_with_all_its_figures(self):
        self.start()
        client = self.smtp()
        self.pass_mail(client, 5)
        reply = client.send(ALICE, "x@remote.test")
        line = self.daemon.wait_lines("refused")[0]
        self.assertEqual(line["login"], ALICE)
        self.assertEqual(line["reason"], "quota")
        self.assertEqual(int(line["used"]), 5)
        self.assertEqual(int(line["limit"]), 5)
        # At the first recipient Postfix has no queue id yet.
        self.assertEqual(line["stage"], "RCPT")
        self.assertTrue(line["instance"])
        self.assertEqual(iso_time(line["until"]), told_time(reply.text))

    def test_a_refusal_at_the_end_of_a_message_names_its_queue_id(self):
        self.start({"message_size": "1K"})
        client = self.smtp()
        text = "Subject: large\n\n" + ("x" * 70 + "\n") * 40
        reply = client.send(ALICE, "x@remote.test", text=text)
        self.assertEqual(reply.code, 552)
        line = self.daemon.wait_lines("refused")[0]
        self.assertEqual(line["reason"], "message-size")
        self.assertEqual(line["stage"], "END-OF-MESSAGE")
        self.assertIn(f"{line['queue_id']}: ", self.site.postfix.log_text())

    def test_a_policy_at_rcpt_only_is_logged_once_with_the_remedy(self):
        self.start({"messages": ["2/1h"]})
        client = self.smtp(service="rcptonly")
        self.pass_mail(client, 45)
        lines = self.daemon.wait_lines("never-charged")
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("smtpd_end_of_data_restrictions", lines[0]["remedy"])

    def test_a_policy_at_end_of_data_only_still_counts(self):
        self.start({"messages": ["2/1h"]})
        client = self.smtp(service="eomonly")
        self.pass_mail(client, 2)
        for _ in range(30):
            reply = client.send(ALICE, "x@remote.test")
            self.assertRegex(str(reply), r"^450 4\.7\.28 <END-OF-MESSAGE>: ")
        self.assertEqual(self.daemon.lines("never-charged"), [])


class OnePerEvent(PolicydTest):
    def test_the_same_refusal_again_and_again_is_logged_once(self):
        self.start({"messages": ["1/1h"]})
        client = self.policy()
        self.accept(client, 1)
        self.accept(client, 1, BOB)
        for _ in range(100):
            client.ask()
        client.ask(BOB)
        logins = [x["login"] for x in self.daemon.wait_lines("refused", 2)]
        self.assertEqual(logins, [ALICE, BOB])

    def test_a_stage_where_nothing_can_be_judged_is_logged_once(self):
        self.start()
        client = self.policy()
        for _ in range(10):
            client.ask(state="CONNECT")
        lines = self.daemon.wait_lines("wrong-stage")
        self.assertEqual(len(lines), 1, lines)
        self.assertEqual(lines[0]["stage"], "CONNECT")
        self.assertIn("smtpd_end_of_data_restrictions", lines[0]["remedy"])

    def test_each_decision_is_logged_at_debug_level(self):
        self.start({"messages": ["2/1h"]}, log_level="debug")
        client = self.policy()
        for name in ("A1", "A1", "A2", "A3"):
            client.ask(queue_id=name, recipient_count="4", size="777")
        lines = self.daemon.wait_lines("decided", 4)
        found = [(x["queue_id"], x["verdict"]) for x in lines]
        permit = [("A1", "permit"), ("A1", "permit"), ("A2", "permit")]
        self.assertEqual(found, permit + [("A3", "defer")])
        self.assertEqual(lines[1]["repeated"], "yes")
        for line in lines:
            self.assertEqual(line["login"], ALICE)
            self.assertEqual(line["recipients"], "4")
            self.assertEqual(line["size"], "777")

    def test_no_input_can_forge_a_line_or_a_value(self):
        self.start({"messages": ["0/1h"]})
        client = self.policy()
        evil = 'x" reason=none event=ready y="@example.test'
        client.ask(sender=evil)
        client.ask("bob@example.test reason=none", sender="")
        for line in self.daemon.wait_lines("refused", 2):
            self.assertNotEqual(line["reason"], "none")
        self.assertEqual(len(self.daemon.lines("ready")), 1)
