"""Says what is wrong with style sheets: what cannot be parsed, and custom properties that are used and never set."""

import sys

import tinycss2


def walk(nodes, found):
    for node in nodes:
        if node.type == "error":
            found.append((node.source_line, node.message))
        elif node.type == "declaration":
            if node.name.startswith("--"):
                declared.add(node.name)
            values(node.value)
        elif node.type in ("qualified-rule", "at-rule") and node.content is not None:
            walk(tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True), found)


def values(tokens):
    for token in tokens:
        if token.type == "function":
            if token.lower_name == "var":
                name = next(argument for argument in token.arguments if argument.type == "ident")
                used.append((name.source_line, name.value))
            values(token.arguments)


failed = False
for path in sys.argv[1:]:
    declared, used, found = set(), [], []
    with open(path, encoding="utf-8") as file:
        walk(tinycss2.parse_stylesheet(file.read(), skip_comments=True, skip_whitespace=True), found)
    found += [(line, f"{name} is never set") for line, name in used if name not in declared]
    for line, message in sorted(found):
        print(f"{path}:{line}: {message}", file=sys.stderr)
    failed |= bool(found)
sys.exit(failed)
