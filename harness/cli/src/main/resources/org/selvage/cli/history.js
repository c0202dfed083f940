// Shows one history: a lane for each process, a row for each event. Only the rows in sight are in the document. Text
// from the data only ever becomes textContent.
'use strict';
(function () {
  const ROW = 22;
  const LEFT = 160;
  const MIN_LANE = 150;
  const MAX_LANE = 420;
  const OVERSCAN = 12;

  const data = JSON.parse(document.getElementById('data').textContent);
  const ops = data.ops;
  const byId = (id) => document.getElementById(id);
  const table = byId('table');
  const rows = byId('rows');
  const coreIds = new Set((data.core || []).map((o) => o.operation));
  const contextIds = new Set((data.context || []).map((o) => o.operation));
  const reasons = new Map((data.impossible || []).map((i) => [i.operation, i.why]));
  const laneOf = new Map(ops.processes.map((process, lane) => [process, lane]));
  const lanes = ops.processes.length;

  let events = []; // what is shown: [event, operation's index or -1, is it the call]
  let barsOf = []; // for each lane its operations as [first row, last row, index]
  let selected = 0;
  let laneWidth = MIN_LANE;
  let which = data.verdict === 'invalid' && data.events > 400 ? 'context' : 'all';
  let drawn = '';

  function element(name, className, content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (content !== undefined) made.textContent = content;
    return made;
  }

  function kindOf(i) {
    if (coreIds.has(ops.id[i])) return 'failed';
    if (contextIds.has(ops.id[i])) return 'context';
    return ops.outcome[i] === 'ok' ? '' : 'open';
  }

  function isShown(i, words) {
    if (which === 'core' && !coreIds.has(ops.id[i])) return false;
    if (which === 'context' && !contextIds.has(ops.id[i])) return false;
    return !words || (ops.call[i] + ' -> ' + ops.answer[i]).toLowerCase().includes(words);
  }

  /** Collects the events that pass the filters. */
  function collect() {
    const words = byId('filter').value.trim().toLowerCase();
    events = [];
    for (let i = 0; i < ops.id.length; i++) {
      if (!isShown(i, words)) continue;
      events.push([ops.from[i], i, true]);
      if (ops.to[i] >= 0) events.push([ops.to[i], i, false]);
    }
    for (const crash of data.crashes) events.push([crash[0], -1, crash[1]]);
    events.sort((a, b) => a[0] - b[0]);
    barsOf = ops.processes.map(() => []);
    const open = new Map();
    events.forEach((event, row) => {
      const i = event[1];
      if (i < 0) return;
      const bars = barsOf[laneOf.get(ops.process[i])];
      if (event[2]) {
        const last = ops.to[i] < 0 && ops.outcome[i] !== 'ok' ? events.length - 1 : row;
        bars.push([row, last, i]);
        open.set(i, bars[bars.length - 1]);
      } else {
        open.get(i)[1] = row;
      }
    });
    // A process that goes on after a crash has nothing open any more.
    for (const bars of barsOf) {
      for (let b = 0; b + 1 < bars.length; b++) bars[b][1] = Math.min(bars[b][1], bars[b + 1][0] - 1);
    }
    rows.style.height = events.length * ROW + 'px';
    byId('count').textContent = events.length + ' of ' + data.events + ' events';
    for (const name of ['core', 'context', 'all']) byId(name).setAttribute('aria-pressed', String(which === name));
    drawn = '';
  }

  /** The operation that a process has open in a row, or null. */
  function openIn(lane, row) {
    const bars = barsOf[lane];
    let low = 0;
    let high = bars.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bars[middle][0] <= row) low = middle + 1;
      else high = middle;
    }
    const bar = low > 0 ? bars[low - 1] : null;
    return bar && row <= bar[1] ? bar : null;
  }

  const place = (i) => (ops.place[i] ? ' #' + ops.place[i] : '');

  function buildRow(row) {
    const [event, i, isCall] = events[row];
    const line = element('div', 'row' + (row === selected ? ' selected' : ''));
    line.style.top = row * ROW + 'px';
    line.dataset.row = row;
    line.appendChild(element('span', 'number', String(event + 1)));
    if (i < 0) {
      const power = element('div', 'power');
      power.appendChild(element('span', '', isCall));
      line.appendChild(power);
      return line;
    }
    if (isCall && ops.line[i]) line.appendChild(element('span', 'line', 'line ' + ops.line[i]));
    for (let lane = 0; lane < lanes; lane++) {
      const bar = openIn(lane, row);
      if (!bar) continue;
      const left = LEFT + lane * laneWidth;
      const here = bar[2] === i;
      const made = here
        ? element('div', 'cell ' + kindOf(i) + (isCall ? '' : ' answer'), isCall ? ops.call[i] + place(i) : '→ ' + ops.answer[i])
        : element('div', 'bar ' + (kindOf(bar[2]) || 'running'));
      made.style.left = left + 'px';
      if (here) made.style.width = laneWidth - 8 + 'px';
      line.appendChild(made);
    }
    return line;
  }

  function draw() {
    const first = Math.max(0, Math.floor(table.scrollTop / ROW) - OVERSCAN);
    const last = Math.min(events.length, Math.ceil((table.scrollTop + table.clientHeight) / ROW) + OVERSCAN);
    const key = first + ' ' + last + ' ' + selected + ' ' + laneWidth;
    if (key === drawn) return;
    drawn = key;
    const part = document.createDocumentFragment();
    for (let row = first; row < last; row++) part.appendChild(buildRow(row));
    rows.replaceChildren(part);
  }

  function layOut() {
    laneWidth = Math.max(MIN_LANE, Math.min(MAX_LANE, (table.clientWidth - LEFT - 20) / Math.max(1, lanes)));
    const heads = byId('heads');
    heads.replaceChildren();
    ops.processes.forEach((process, lane) => {
      const head = element('span', '', 'process ' + process);
      head.style.left = LEFT + lane * laneWidth + 'px';
      head.style.width = laneWidth - 8 + 'px';
      heads.appendChild(head);
    });
    heads.style.width = rows.style.width = LEFT + lanes * laneWidth + 'px';
    draw();
  }

  function describe() {
    const detail = byId('detail');
    detail.replaceChildren();
    const event = events[selected];
    if (!event || event[1] < 0) return;
    const i = event[1];
    detail.appendChild(element('h2', '', ops.call[i]));
    const list = element('table');
    const add = (name, value) => {
      const line = element('tr');
      line.appendChild(element('td', '', name));
      line.appendChild(element('td', 'mono', value));
      list.appendChild(line);
    };
    add('response', ops.answer[i]);
    add('process', String(ops.process[i]));
    if (ops.line[i]) add('line', String(ops.line[i]));
    add('events', ops.from[i] + 1 + (ops.to[i] < 0 ? ', no return' : ' to ' + (ops.to[i] + 1)));
    if (ops.place[i]) add('place', ops.place[i] + ' in the ' + (data.verdict === 'valid' ? 'order' : 'longest legal order'));
    if (coreIds.has(ops.id[i])) add('part of', 'core');
    else if (contextIds.has(ops.id[i])) add('part of', 'context');
    detail.appendChild(list);
    if (reasons.has(ops.id[i])) {
      detail.appendChild(element('h2', '', 'Why it cannot come next'));
      detail.appendChild(element('div', 'frames', reasons.get(ops.id[i])));
    }
  }

  /** Scrolls sideways until an operation's lane is in sight. */
  function showLaneOf(i) {
    if (i < 0) return;
    const left = LEFT + laneOf.get(ops.process[i]) * laneWidth;
    if (left < table.scrollLeft + LEFT) table.scrollLeft = left - LEFT;
    if (left + laneWidth > table.scrollLeft + table.clientWidth) table.scrollLeft = left + laneWidth - table.clientWidth;
  }

  function select(row) {
    if (events.length === 0) return draw();
    selected = Math.max(0, Math.min(events.length - 1, row));
    const top = selected * ROW;
    if (top < table.scrollTop) table.scrollTop = top;
    if (top + 3 * ROW > table.scrollTop + table.clientHeight) table.scrollTop = top + 3 * ROW - table.clientHeight;
    showLaneOf(events[selected][1]);
    document.documentElement.dataset.selected = events[selected][0] + 1;
    drawn = '';
    draw();
    describe();
  }

  /** Selects the last event that is shown up to this one. */
  function selectEvent(event) {
    let row = events.findIndex((shown) => shown[0] > event);
    row = row < 0 ? events.length - 1 : row - 1;
    table.scrollTop = Math.max(0, row * ROW - table.clientHeight / 2);
    select(row);
  }

  function show(next) {
    const event = events[selected] ? events[selected][0] : 0;
    which = next;
    collect();
    selectEvent(event);
  }

  const toFailure = () => selectEvent(data.verdict === 'invalid' ? data.firstBadEvent : data.events);

  function toggleTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  }

  function fillHeader() {
    byId('subject').textContent = data.file + ', model ' + data.model + ', criterion ' + data.criterion + ', ' + data.operations + ' operations'
      + (data.whole ? '' : '; too long to show whole');
    const error = byId('error');
    error.className = data.verdict;
    const summary = byId('summary');
    if (data.verdict === 'valid') {
      error.textContent = 'valid: the numbers give an order that explains every response';
    } else if (data.verdict === 'unknown') {
      error.textContent = 'undecided: spent ' + data.spent + ', ' + data.progress;
    } else {
      error.textContent = 'not valid: ' + data.core.map((o) => o.words).join(', ');
      const holds = data.strongestThatHolds;
      if (holds !== undefined) summary.appendChild(element('li', '', holds ? 'the strongest criterion that holds is ' + holds : 'no weaker criterion is known to hold'));
      summary.appendChild(element('li', '', 'up to event ' + data.firstBadEvent + ' an order explains every response; event ' + (data.firstBadEvent + 1) + ' ends that'));
      summary.appendChild(element('li', '', 'the longest legal order, numbered below, ends in state ' + data.stateAfter));
      for (const next of data.impossible) byId('reasons').appendChild(element('li', '', next.why));
    }
  }

  const keys = {
    j: () => select(selected + 1), ArrowDown: () => select(selected + 1),
    k: () => select(selected - 1), ArrowUp: () => select(selected - 1),
    Home: () => select(0), End: () => select(events.length - 1),
    f: toFailure, t: toggleTheme, 1: () => show('core'), 2: () => show('context'), 3: () => show('all'),
    '/': () => byId('filter').focus(),
  };

  document.addEventListener('keydown', (event) => {
    if (event.target === byId('filter')) {
      if (event.key === 'Escape') byId('filter').blur();
      return;
    }
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  byId('previous').addEventListener('click', keys.k);
  byId('next').addEventListener('click', keys.j);
  byId('failure').addEventListener('click', toFailure);
  for (const name of ['core', 'context', 'all']) byId(name).addEventListener('click', () => show(name));
  byId('filter').addEventListener('input', () => show(which));
  byId('theme').addEventListener('click', toggleTheme);
  rows.addEventListener('click', (event) => {
    const line = event.target.closest('.row');
    if (line) select(Number(line.dataset.row));
  });
  table.addEventListener('scroll', draw);
  window.addEventListener('resize', layOut);

  fillHeader();
  for (const name of ['failure', 'core', 'context']) byId(name).hidden = data.verdict !== 'invalid';
  collect();
  layOut();
  toFailure();
})();
