/* Filters and sorts the cards of a report. The page is whole without it. */
(function () {
    'use strict';

    var form = document.getElementById('filter');
    var found = document.getElementById('f-found');
    var cards = Array.prototype.slice.call(document.querySelectorAll('article.hit'));

    /* What a card says, in lower case; made at the first search only. */
    function words(card) {
        if (card.words === undefined)
            card.words = card.textContent.toLowerCase().replace(/\s+/g, ' ');
        return card.words;
    }

    var orders = {
        score: function (a, b) { return a.dataset.n - b.dataset.n; },
        date: function (a, b) {
            return (b.dataset.d || 0) - (a.dataset.d || 0) || orders.score(a, b);
        },
        person: function (a, b) {
            return a.dataset.w.localeCompare(b.dataset.w, 'en', {numeric: true}) ||
                orders.score(a, b);
        }
    };

    function fits(card) {
        var text = form.q.value.trim().toLowerCase().replace(/\s+/g, ' ');

        return Number(card.dataset.p) >= Number(form.min.value) &&
            (!form.role.value || card.classList.contains(form.role.value)) &&
            (!form.force.value || card.dataset.f === form.force.value) &&
            (!text || text.split(' ').every(function (word) {
                return words(card).indexOf(word) >= 0;
            }));
    }

    var sorted = 'score'; /* as written */

    /* Cards move within their own section only: roles are never mixed. */
    function sort() {
        if (form.sort.value === sorted)
            return;
        sorted = form.sort.value;
        document.querySelectorAll('.cards').forEach(function (list) {
            Array.prototype.slice.call(list.children)
                .sort(orders[form.sort.value] || orders.score)
                .forEach(function (card) { list.appendChild(card); });
        });
    }

    function listed(section) {
        return section.querySelectorAll('article:not([hidden])').length;
    }

    /* Under a filter a section says how many of its own it lists. */
    function count_section(section, filtered) {
        var line = section.querySelector('.many');
        var all = section.querySelectorAll('article').length;

        if (section.whole === undefined)
            section.whole = Array.prototype.slice.call(line.childNodes);
        line.textContent = '';
        if (filtered && all)
            line.textContent = listed(section) + ' of the ' + all + ' on this page fit the filter.';
        else
            section.whole.forEach(function (part) { line.appendChild(part); });
    }

    function show() {
        var count = 0;

        cards.forEach(function (card) {
            card.hidden = !fits(card);
            count += card.hidden ? 0 : 1;
        });
        document.querySelectorAll('section.class').forEach(function (section) {
            count_section(section, count !== cards.length);
        });
        found.classList.toggle('part', count !== cards.length); /* then printed too */
        found.textContent = count === cards.length
            ? 'All ' + count + ' hits on this page are listed below, and printed: filter first to ' +
                'print some.'
            : count + ' of the ' + cards.length + ' hits on this page are listed below.';
    }

    var kept = ['q', 'min', 'role', 'force', 'sort'];

    /* The filter is kept in the address, so that a view can be opened again. */
    function remember() {
        var state = new URLSearchParams();

        kept.forEach(function (name) {
            var field = form[name];
            if (field.value && field.value !== (field.options ? field.options[0].value : ''))
                state.set(name, field.value);
        });
        try {
            history.replaceState(null, '', state.toString() ? '#?' + state : '#hits');
        } catch (refused) { /* some browsers forbid it for files; nothing is lost */ }
    }

    function recall() {
        if (location.hash.indexOf('#?') !== 0)
            return;
        new URLSearchParams(location.hash.slice(2)).forEach(function (value, name) {
            if (kept.indexOf(name) >= 0)
                form[name].value = value;
        });
        kept.slice(1).forEach(function (name) {
            if (form[name].selectedIndex < 0)
                form[name].selectedIndex = 0;
        });
    }

    function list_forces() {
        var names = {};

        cards.forEach(function (card) {
            if (card.dataset.f)
                names[card.dataset.f] = true;
        });
        Object.keys(names).sort().forEach(function (name) {
            form.force.add(new Option(name, name));
        });
    }

    function change() {
        sort();
        show();
        remember();
    }

    list_forces();
    recall();
    sort();
    show();
    form.hidden = false;
    form.addEventListener('input', change);
    form.addEventListener('submit', function (event) { event.preventDefault(); });
    form.addEventListener('reset', function () { setTimeout(change, 0); });
    window.addEventListener('hashchange', function () { recall(); sort(); show(); });
}());
