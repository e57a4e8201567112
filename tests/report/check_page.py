#!/usr/bin/env python3
"""Checks a report page as a parser sees it: check_page.py PAGE...

Tags open and close in order, ids are unique and what they label is there, headings do
not skip, tables have captions and scopes, cards stand in the section of their role,
nothing is asked of anybody, and the content policy names the style and script there are.
"""
import base64
import hashlib
import re
import sys
from html.parser import HTMLParser

VOID = {'meta', 'br', 'input', 'link', 'img', 'hr'}
SHAPES = {'rect', 'line', 'use'}
ASKING = {'src', 'srcset', 'action', 'formaction', 'poster', 'data', 'ping', 'background', 'style'}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.problems, self.ids, self.labels, self.links = [], [], [], [], []
        self.headings, self.cards, self.policy, self.inline = [], 0, '', {'style': '', 'script': ''}
        self.tables, self.captions, self.landmarks = 0, 0, []

    def problem(self, text):
        self.problems.append(f'line {self.getpos()[0]}: {text}')

    def handle_startendtag(self, tag, attributes):
        if tag not in SHAPES | VOID:
            self.problem(f'<{tag}/> closes nothing')
        self.look(tag, attributes)

    def handle_starttag(self, tag, attributes):
        self.look(tag, attributes)
        if tag not in VOID:
            self.open.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.problem(f'</{tag}> within {self.open[-1:]}')
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1][0] in self.inline:
            self.inline[self.open[-1][0]] += data

    def look(self, tag, attributes):
        names = [name for name, _ in attributes]
        values = {name: value or '' for name, value in attributes}
        if len(names) != len(set(names)):
            self.problem(f'<{tag}> has an attribute twice')
        for name in names:
            if name in ASKING or name.startswith('on'):
                self.problem(f'<{tag}> has {name}')
        if 'id' in values:
            self.ids.append(values['id'])
        self.labels += values.get('aria-labelledby', '').split()
        if tag == 'label':
            self.labels.append(values.get('for', ''))
        if 'href' in values:
            self.links.append(values['href'])
        if re.fullmatch('h[1-6]', tag):
            self.headings.append(int(tag[1]))
        if tag in ('header', 'nav', 'main', 'footer'):
            self.landmarks.append(tag)
        self.tables += tag == 'table'
        self.captions += tag == 'caption'
        if tag == 'th' and 'scope' not in values:
            self.problem('a <th> without scope')
        if tag == 'article':
            self.card(values)
        if values.get('http-equiv') == 'Content-Security-Policy':
            self.policy = values['content']

    def card(self, values):
        self.cards += 1
        role = values['class'].split()[1]
        inside = [a['class'].split()[1] for t, a in self.open
                  if t == 'section' and a.get('class', '').startswith('class ')]
        if inside != [role] or role == 'police':
            self.problem(f'a {role} card within {inside}')

    def finish(self):
        if self.open:
            self.problems.append(f'left open: {[tag for tag, _ in self.open]}')
        if len(self.ids) != len(set(self.ids)):
            self.problems.append('an id stands twice')
        missing = set(self.labels) - set(self.ids)
        if missing:
            self.problems.append(f'labels nothing: {missing}')
        for link in self.links:
            if link.startswith('#') and link[1:] not in self.ids:
                self.problems.append(f'{link} leads nowhere')
            if not re.match(r'#|\./', link):
                self.problems.append(f'a link out of the page: {link}')
        for above, below in zip([0] + self.headings, self.headings):
            if below > above + 1:
                self.problems.append(f'heading {below} after {above}')
        if self.headings.count(1) != 1 or self.landmarks.count('main') != 1:
            self.problems.append('want one h1 and one main')
        if self.tables != self.captions:
            self.problems.append(f'{self.tables} tables, {self.captions} captions')
        for kind, text in self.inline.items():
            hashed = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            if f"{kind}-src 'sha256-{hashed}'" not in self.policy:
                self.problems.append(f'the content policy does not allow the {kind}')


def main():
    failed = False
    for path in sys.argv[1:]:
        page = Page()
        with open(path, encoding='utf-8') as file:
            page.feed(file.read())
        page.close()
        page.finish()
        for problem in page.problems[:20]:
            print(f'{path}: {problem}')
        failed = failed or bool(page.problems)
        print(f'{path}: {page.cards} cards, {page.tables} tables, {len(page.problems)} problems')
    sys.exit(failed)


main()
