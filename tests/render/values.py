"""Values that a data file may have, with everything in them that some reader takes for markup."""

from hypothesis import strategies as st

HOSTILE = (
    "</svg><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- -->",
    "]]>",
    "<?php ?>",
    "&lt;b&gt;",
    "&#60;",
    "&",
    "|",
    "||",
    "\\|",
    "`",
    "``",
    "\\`",
    "\\",
    "*x*",
    "**x**",
    "_x_",
    "__x__",
    "~~x~~",
    "~",
    "^x^",
    "$x$",
    "[x](javascript:alert(1))",
    "![x](y.png)",
    "[x]: http://example.com",
    "[x]",
    "[TOC]",
    "[^1]",
    "*[HTML]: abbreviation",
    "<http://example.com>",
    "<me@example.com>",
    "{: onclick=x }",
    "{: #id .class }",
    "{ .x }",
    "{{ 7*7 }}",
    "{% raw %}",
    "{#x#}",
    "# x",
    "#",
    "## x ##",
    "> x",
    "- x",
    "-",
    "+ x",
    "1. x",
    "1) x",
    "---",
    "===",
    "***",
    "```",
    "~~~",
    "!!! note",
    '??? "x"',
    "=== tab",
    "/// x",
    ": definition",
    ":smile:",
    "--8<-- 'x'",
    "    code",
    '"',
    "'",
    "\n",
    "\t",
    "\n\n",
    "\\n",
    "<details markdown='1'>",
    "klzzwxh:0001",
    "wzxhzdk:0",
    "端口",
    "منفذ",
    "порт",
    "é",
    "👍",
    "a" * 300,
)

VISIBLE = st.characters(
    exclude_categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp"],
    exclude_characters="".join(
        chr(plane << 16 | end) for plane in range(17) for end in (65534, 65535)
    ),
)
"""What the loader lets through: everything that can be seen; line breaks come as an escape."""

VALUES = (
    st.text(VISIBLE, min_size=1, max_size=30)
    | st.text(st.sampled_from("\\`*_[]{}<>|~^#$&!:-+=.()\"'/ \n1a"), min_size=1, max_size=30)
    | st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=5).map(" ".join)
    | st.lists(st.sampled_from(HOSTILE) | st.text(VISIBLE, max_size=3), min_size=1, max_size=5).map(
        "".join
    )
).filter(str.strip)
