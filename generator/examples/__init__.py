"""What a rule means, by example: small sites of a made-up product, shown on the rules' pages.

`lint/<rule>/` has `wrong.yaml`, which the rule finds something in, and `right.yaml`, in which no
rule does; `diff/<rule>.yaml` has two edits of one folder. The tests hold every one against the
rules.
"""
