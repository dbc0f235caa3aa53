# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""dovecot.conf for Dovecot 2.3 and 2.4."""

from string import Template

MAIL_UID = 5000

_COMMON = """\
base_dir = $base_dir
state_dir = $state_dir
log_path = $log_path
first_valid_uid = 1
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
"""

_SASL_SOCKET = """\
service auth {
  unix_listener $socket {
    mode = 0660
    user = postfix
    group = postfix
  }
}
"""

_SASL_ONLY_23 = """\
protocols =
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u $passwd
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}
"""

_SASL_ONLY_24 = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {
}
ssl = no
auth_allow_cleartext = yes
auth_mechanisms = plain login
passdb passwd-file {
  passwd_file_path = $passwd
  default_password_scheme = plain
}
userdb static {
  fields {
    uid = 65534
    gid = 65534
    home = /nonexistent
  }
}
"""

# In both, Postern comes before what the site has itself, as a real site would
# include it; what a test adds comes last.
_MAIL_23 = """\
protocols = imap pop3 lmtp
disable_plaintext_auth = no
mail_location = $format:~/mail
mail_temp_dir = $temp
lda_mailbox_autocreate = yes
$first
!include $examples/dovecot-2.3.conf
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u $passwd
}
userdb {
  driver = passwd-file
  args = username_format=%u $passwd
}
!include $examples/dovecot-2.3-mail.conf
"""

_MAIL_24 = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {
  imap = yes
  pop3 = yes
  lmtp = yes
}
auth_allow_cleartext = yes
mail_driver = $format
mail_path = ~/mail
mail_temp_dir = $temp
lda_mailbox_autocreate = yes
$first
!include $examples/dovecot-2.4.conf
passdb passwd-file {
  passwd_file_path = $passwd
  default_password_scheme = plain
}
userdb passwd-file {
  passwd_file_path = $passwd
}
"""

_LISTENERS = """\
listen = 127.0.0.1
namespace inbox {
  inbox = yes
}
service imap-login {
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
  }
}
service pop3-login {
  inet_listener pop3 {
    port = $pop3
  }
  inet_listener pop3s {
    port = $pop3s
  }
}
service lmtp {
  inet_listener lmtp {
    port = $lmtp
  }
}
"""

# No waiting after a wrong password, nor more of it with each one more.
NO_DELAYS = """\
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
"""

_TLS = {
    (2, 3): "ssl = yes\nssl_cert = <$chain\nssl_key = <$chain\n",
    (2, 4): "ssl = yes\nssl_server_cert_file = $chain\n"
    "ssl_server_key_file = $chain\n",
}


def passwd(users, home=None):
    """A passwd-file; with HOME, each user has a directory of mail in it."""
    ids = f"{MAIL_UID}:{MAIL_UID}" if home else ":"
    return "".join(
        f"{login}:{{PLAIN}}{password}:{ids}::"
        + (f"{home}/{login}::\n" if home else "::\n")
        for login, password in users.items()
    )


def sasl_only(version, places, passwd_file, socket):
    head = _SASL_ONLY_23 if version < (2, 4) else _SASL_ONLY_24
    return Template(head + _COMMON + _SASL_SOCKET).substitute(
        places, passwd=passwd_file, socket=socket
    )


def environment(version, values):
    """VALUES in the environment of all of Dovecot's processes."""
    pairs = [f"{name}={value}" for name, value in values.items()]
    if version < (2, 4):
        # Dovecot sets the last two itself.
        return " ".join(
            ["import_environment = TZ", *pairs, "LISTEN_PID", "LISTEN_FDS\n"]
        )
    lines = (f"  {pair.replace('=', ' = ', 1)}\n" for pair in pairs)
    return "import_environment {\n" + "".join(lines) + "}\n"


def mail(version, places, ports, chain, socket, first, extra, **values):
    """A site's own settings with the shipped ones of Postern.

    CHAIN is a certificate with its key, or None; SOCKET one for Postfix's
    smtpd, or None; the text FIRST comes before Postern's, the texts EXTRA
    last. VALUES are format, temp, passwd and examples.
    """
    text = _MAIL_23 if version < (2, 4) else _MAIL_24
    text += _COMMON + _LISTENERS
    text += _TLS[version] if chain else "ssl = no\n"
    if socket:
        text += _SASL_SOCKET
    text = Template(text).substitute(
        places,
        **ports,
        **values,
        chain=chain,
        socket=socket,
        first=first,
    )
    return text + "".join(f"{part}\n" for part in extra)
