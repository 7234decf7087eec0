"""Which names tell a secret, and secrets inside a text.

A secret is found by the name beside it, or as the password of a URL; one that stands
alone in a text is not known to be one.
"""

from __future__ import annotations

import re

REDACTED = "<redacted>"

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WORDS = frozenset(
    "auth authorization cookie cred credential jwt otp passcode passphrase passwd "
    "password pin pw pwd secret session token".split()
)
_PASSES = {"pass"} | {
    f"{owner}pass"
    for owner in (
        "account admin auth db ftp host http https imap ldap login mail mongo my mysql "
        "pg postgres proxy redis root server smtp sql ssh sudo user vpn wifi"
    ).split()
}
"""`pass` alone, and of these: not `forward_pass`, `low_pass` or `bypass`."""
_PAIRS = tuple(
    f"{owner}key"
    for owner in "api access auth encryption private secret signing ssh".split()
)
_ENDS = ("token", "password", "passwd", "secret", "cookie")
_STARTS = ("password", "session", "credential", "authorization", "sessid")
_HINT = re.compile(
    "auth|cook|cred|jwt|key|otp|pass|pin|pw|secr|sess|tok", re.IGNORECASE
)
"""No name without one of these tells a secret: 20 times as fast as to split it."""


def words_of(name: str) -> list[str]:
    """Give the words of a name, in small letters: `get_apiKey` has three."""
    return [word.lower() for word in _WORD.findall(name)]


def is_secret(name: object) -> bool:
    """Tell if a key, field or variable of this name should not be shown.

    Words count, however they are joined: `API_KEY`, `dbPassword`, `X-Auth-Token`,
    `csrftoken`, `userPin`; not `tokenizer`, `author` or `spin`. Runs no code
    of `name`'s class.
    """
    if type(name) is bytes:
        name = name[:200].decode("latin-1")
    if type(name) is not str:
        return False
    if _HINT.search(name, 0, 200) is None:
        return False
    words = words_of(name[:200])
    if any(pair in "".join(words) for pair in _PAIRS):
        return True
    if "".join(words[-2:]) in _PASSES:
        return True
    return any(
        word.removesuffix("s") in _WORDS
        or word.removesuffix("s").endswith(_ENDS)
        or word.startswith(_STARTS)
        for word in words
    )


_LOGIN = re.compile(
    r"://[^\s:@/?#'\"]*+:"  # what stands before a password, not before a port
    r"(?!\d{0,5}(?:[/?#\s'\"]|$))"
)
_UNBROKEN = re.compile(r"[^\s'\"]*+")
_BEARER = re.compile(r"\b(bearer|basic)( ++)[\w.~+/=-]{8,}+", re.IGNORECASE)
_HEAD = re.compile(
    r"""(?=[-\\'"A-Za-z_])(?P<quote>['"]?|(?<!\\)\\++['"])  # JSON within JSON has \"
        (?<![\w.-])(?:-(?P<dash>-)?+)?+(?P<name>[A-Za-z_][\w.-]{1,80}+)(?P=quote)
        (?:\ ?=\ ?(?!=)|(?<=['"])\ ?:\ ?
          |(?(dash)(?:(?<=['"])(?P<comma>\s*+,\s*+)|(?<!\.)(?P<space>\s++)(?!--))|(?!)))
    """,
    re.VERBOSE,
)
_HEADER = re.compile(
    r""":(?<=[denptwy]:)  # the last letter of each of these, as most texts have none
        (?:(?<=authorization:)|(?<=cookie:)|(?<=key:)|(?<=token:)|(?<=secret:)
        |(?<=password:)|(?<=passwd:)|(?<=phrase:)|(?<=pwd:)|(?<=pw:)
        |(?<=pin:)|(?<=otp:))
        [ \t]*+(?P<scheme>(?:basic|bearer|token)[ \t]++)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""The end of a header's name; to begin with the colon is 50 times as fast."""
_OWN = re.compile(r"(?:\A|[\n\r,;&|(\[{<'\"]|\\[nr])[ \t]*+\Z")
"""What stands before a name that is not the last word of a sentence."""
_HEADERS_NAME = re.compile(r"(?<![\w.-])[A-Za-z][\w-]*+\Z")
_LINES = {"authorization", "cookie"}
"""Headers of which all of the line may be a secret."""
_SPOKEN = {"token"}
"""Names that behind another word are of a message: "unexpected token: x"."""
_LINE = re.compile(r"""(?:[^'"\r\n\\=]++|=(?:"[^"\r\n]*+"?)?+|\\++(?!['"rn]))*+""")
_OPTION = re.compile(r"-{1,2}([A-Za-z_][\w.-]{1,80})")
_QUOTED = re.compile(
    r"""[bB]?(?:'(?:[^'\\]++|\\++.)*+'?|"(?:[^"\\]++|\\++.)*+"?)""", re.DOTALL
)
"""A quote behind any number of backslashes is inside: in a repr they are doubled."""
_SHUT = r""">(?=[\s>\])},;&'"\\]|\Z)"""
"""A ">" that may close `<Conn password=x>`: one that nothing of a word follows."""
_PIECE = re.compile(
    rf"""(?P<open>[\[({{])|(?P<close>[\])}}])|(?P<end>[\s,;&]++)|(?P<quote>\\*+['"])
        |(?P<angle><(?=\w))|(?P<shut>{_SHUT})
        |(?:[^\s,;&\[({{\])}}<>'"\\]++|<(?!\w)|(?!{_SHUT})>|\\++(?!['"]))++""",
    re.VERBOSE,
)
"""Part of a value; which one of them ends it depends on the brackets around."""
_WORD_OF_A_COMMAND = re.compile(
    rf"""(?:<\w++>|[^\s'"\\>]++|(?!{_SHUT})>|\\++(?!['"]))++"""
)
_PROSE = re.compile(
    r"""(?:an?|and|are|as|at|be|but|by|can|for|from|has|if|in|instead|is|it|may|must|not|of
        |on|only|or|should|so|than|that|the|then|to|was|when|which|will|with|without
        |arguments?|flags?|options?|parameters?)(?=[\s.,;:!?)]|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What stands behind `--password`, "Password:" in a sentence: no secret is such."""
_ESCAPED = re.compile(r"""(?<!\\)\\++['"]""")
_ANY_QUOTE = re.compile(r"""(?<!\\)\\*+['"]""")


def option_name(word: object) -> str:
    """Give the name of an option that stands alone, as "--password"; else nothing."""
    if type(word) is bytes:
        word = word[:100].decode("latin-1")
    if type(word) is not str or word[:1] != "-":
        return ""
    found = _OPTION.fullmatch(word)
    return found[1] if found else ""


def hide_secrets(text: str) -> str:
    r"""Replace the secrets that a text shows beside their names.

    `password=hunter2`, `--token=x`, `--token x`, `['--token', 'x']`, `'token': 'x'`,
    `"api_key": 1`, `\"api_key\": 1`, `?access_token=x`, `Bearer x`, the password in a
    URL (`scheme://user:password@host`), also one that is cut off; a value in brackets
    up to the one that closes it, or else to the end; `X-Api-Key: x`, `password: x`,
    `Authorization: Token x`, of `Cookie: x` all of the line. None alone is no secret.
    O(n); a text with neither "=" nor ":" nor "--" nor "earer" costs 0.2 us.
    """
    if "://" in text:
        text = _hide_logins(text)
    if ":" in text:
        text = _hide_headers(text)
    has_quotes = ":" in text and ("'" in text or '"' in text)
    if has_quotes or "=" in text or "--" in text:
        text = _hide_named(text)
    if "earer " in text or "asic " in text:
        text = _BEARER.sub(rf"\g<1>\g<2>{REDACTED}", text)
    return text


def _hide_headers(text: str) -> str:
    """Go from header to header; of some the line is the secret, else a word or so."""
    parts: list[str] = []
    done = at = 0
    while found := _HEADER.search(text, at):
        at = found.end()
        before = text[max(found.start() - 60, 0) : found.start()]
        named = _HEADERS_NAME.search(before)
        name = named[0] if named else ""
        is_line = name.rpartition("-")[2].lower() in _LINES
        is_spoken = name.lower() in _SPOKEN and not _OWN.search(before[: -len(name)])
        if is_line or (not is_spoken and is_secret(name)):
            ended = None if found["scheme"] or not is_line else _LINE.match(text, at)
            end = ended.end() if ended else _value_end(text, at)
            is_none = text[at:end] == "None" or (not is_line and _PROSE.match(text, at))
            if end > at and not is_none:
                parts += text[done:at], REDACTED
                done = at = end
    return "".join(parts) + text[done:]


def _hide_named(text: str) -> str:
    """Go from name to name; the value of a harmless one is searched as well."""
    parts: list[str] = []
    done = at = 0
    while found := _HEAD.search(text, at):
        at = found.end()
        if is_secret(found["name"]):
            in_command = found["space"] is not None
            end = _word_end(text, at) if in_command else _value_end(text, at)
            none = _PROSE.match(text, at) if in_command else text[at:end] == "None"
            if end > at and not none:
                parts += text[done:at], REDACTED
                done = at = end
    return "".join(parts) + text[done:]


def _word_end(text: str, begin: int) -> int:
    """Find where a word of a command line ends, in quotes or without."""
    if _ESCAPED.match(text, begin):
        return _escaped_end(text, begin)
    found = _QUOTED.match(text, begin) or _WORD_OF_A_COMMAND.match(text, begin)
    return found.end() if found else begin


def _value_end(text: str, begin: int) -> int:
    """Find where the value that begins there ends; O(its length)."""
    depth, angles, end = 0, 0, begin
    while True:
        # A quote behind a value, outside of brackets, closes a text around both.
        may_open = depth or end == begin
        if may_open and _ESCAPED.match(text, end):
            end = _escaped_end(text, end)
            continue
        quoted = _QUOTED.match(text, end) if may_open else None
        piece = quoted or _PIECE.match(text, end)
        if piece is None:
            return end
        kind = piece.lastgroup
        # As in `token=<Token of "ann">`; a single "<" or ">" is part of a secret.
        turn = bool(may_open) if kind == "angle" else -(kind == "shut" and angles > 0)
        angles += turn
        if not turn and not depth and kind in {"end", "quote", "shut"}:
            return end
        depth += turn + (kind == "open") - (kind == "close")
        if depth < 0:
            return end
        end = piece.end()


def _escaped_end(text: str, begin: int) -> int:
    """Find the end of a value in quotes with backslashes: there are as many again.

    Where there are fewer, the text around it ends: it was cut off.
    """
    mark = ""
    for found in _ANY_QUOTE.finditer(text, begin):
        if not mark:
            mark = found[0]
        elif found[0] == mark:
            return found.end()
        elif found[0][-1] == mark[-1] and len(found[0]) < len(mark):
            return found.start()
    return len(text)


def _hide_logins(text: str) -> str:
    """Go from URL to URL; no character is looked at for more than one of them."""
    parts: list[str] = []
    done = at = stop = 0
    while found := _LOGIN.search(text, at):
        at = found.end()
        if at > stop and (unbroken := _UNBROKEN.match(text, at)):
            stop = unbroken.end()
        end = _password_end(text, at, stop)
        if end < 0:
            at = stop  # as there is no "@" up to there, not for the next URL either
        else:
            parts += text[done:at], REDACTED
            done = at = end
    return "".join(parts) + text[done:]


def _password_end(text: str, begin: int, stop: int) -> int:
    """Find the end of a password: it may have "@" or "/" in it, or be cut off."""
    slash = text.find("/", begin, stop)
    end = text.rfind("@", begin, stop if slash < 0 else slash)
    if end < 0:
        end = text.find("@", begin, stop)
    if end < 0 and text[stop : stop + 2] in {"", "\n"}:
        return stop
    return end
