// Shows one execution: a lane for each task, a row for each operation. Only the rows in sight are in the document, so
// that it stays quick with a hundred thousand of them. Text from the data only ever becomes textContent.
'use strict';
(function () {
  const ROW = 22;
  const LEFT = 160;
  const RIGHT = 180; // for what runs over from the last lane
  const MIN_LANE = 130;
  const MAX_LANE = 420;
  const OVERSCAN = 12;

  const data = JSON.parse(document.getElementById('data').textContent);
  const text = data.strings;
  const op = data.operations;
  const total = op.task.length;
  const byId = (id) => document.getElementById(id);
  const table = byId('table');
  const rows = byId('rows');
  const map = byId('map');
  const tip = byId('tip');

  let shown = new Int32Array(0); // indices of the operations that pass the filters
  let lanes = []; // tasks that are shown, in order
  const laneOf = new Int32Array(data.tasks.length);
  let laneWidth = MIN_LANE;
  let selected = -1;
  let firstRow = -1;
  let lastRow = -1;

  // ---- what the data says

  // For each task its operations and its stops, in order: both are searched by bisection.
  const operationsOf = data.tasks.map(() => []);
  for (let i = 0; i < total; i++) operationsOf[op.task[i]].push(i);
  const stopsOf = data.tasks.map(() => []);
  for (const stop of data.stops) {
    stopsOf[stop[0]].push({ from: stop[1], until: stop[2], reason: text[stop[3]], by: stop[4], before: text[stop[5]], place: text[stop[6]] });
  }

  /** The last position in a sorted list whose value is at most the limit, or -1. */
  function floor(list, limit, value) {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value(list[middle]) <= limit) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  const self = (x) => x;

  function stopAt(task, index) {
    const at = floor(stopsOf[task], index, (stop) => stop.from);
    if (at < 0) return null;
    const stop = stopsOf[task][at];
    return stop.from < index && index < stop.until ? stop : null;
  }

  /** Whether a task has begun and not ended at an operation. */
  function isAlive(task, index) {
    const list = operationsOf[task];
    return list.length > 0 && list[0] <= index && (index <= list[list.length - 1] || !data.ended[task]);
  }

  /** Whether the disk takes its time: a task's file operation, and a later moment at its next one. */
  function isInFile(stop) {
    return text[op.kind[stop.from]].startsWith('file') && stop.reason !== 'lock' && stop.until < total && op.nanos[stop.until] > op.nanos[stop.from];
  }

  function barOf(stop) {
    if (isInFile(stop)) return 'io';
    if (stop.reason === 'preempted') return 'preempted';
    return stop.reason === 'lock' ? 'lock' : 'idle';
  }

  function stopInWords(stop) {
    const by = stop.by >= 0 ? data.tasks[stop.by] : '';
    const before = stop.before ? ' before ' + stop.before : '';
    const at = stop.place ? ' at ' + stop.place : '';
    if (isInFile(stop)) return text[op.words[stop.from]] + ' takes ' + timeInWords(op.nanos[stop.until] - op.nanos[stop.from]);
    switch (stop.reason) {
      case 'preempted': return 'stopped' + before + at;
      case 'lock': return 'waits' + (stop.before ? ' to ' + stop.before : ' for a lock') + (by ? ', held by ' + by : '') + at;
      case 'join': return 'waits for the end of ' + (by || 'a task') + at;
      case 'wait': return 'waits to be notified' + at;
      case 'park': return 'is parked' + at;
      case 'sleep': return 'sleeps' + at;
      case 'yield': return 'yields' + at;
      default: return 'waits' + at;
    }
  }

  function timeInWords(nanos) {
    if (nanos < 1e6) return nanos / 1e3 + ' us';
    return nanos < 1e9 ? nanos / 1e6 + ' ms' : nanos / 1e9 + ' s';
  }

  const failures = new Map(data.failures); // index of an operation -> what becomes of its task
  const isFailure = (index) => failures.has(index);
  const draws = new Map(data.draws.map(([index, words, isFault]) => [index, { words, isFault }]));

  /** The operation; what was drawn at it; the failure that follows it. */
  function cellWords(index) {
    const words = text[op.words[index]] + (draws.has(index) ? ' (' + draws.get(index).words + ')' : '');
    if (!isFailure(index)) return words;
    const isEnd = text[op.kind[index]] === 'end' || text[op.kind[index]] === 'begin';
    return isEnd ? failures.get(index) : words + ', then ' + failures.get(index);
  }

  function framesOf(index) {
    return data.calls[op.call[index]].map((frame) => text[frame]);
  }

  function kindOf(index) {
    if (isFailure(index)) return 'failed';
    if (draws.has(index) && draws.get(index).isFault) return 'fault';
    return text[op.kind[index]].startsWith('file') ? 'io' : '';
  }

  function isSwitch(row) {
    return row > 0 && op.task[shown[row]] !== op.task[shown[row - 1]];
  }

  // ---- building elements

  function element(name, className, content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (content !== undefined) made.textContent = content;
    return made;
  }

  function at(node, left, width) {
    node.style.left = left + 'px';
    if (width !== undefined) node.style.width = width + 'px';
    return node;
  }

  const laneLeft = (lane) => LEFT + lane * laneWidth;

  function buildRow(row) {
    const index = shown[row];
    const task = op.task[index];
    const lane = laneOf[task];
    const line = element('div', 'row' + (index === selected ? ' selected' : ''));
    line.style.top = row * ROW + 'px';
    line.dataset.index = index;
    line.appendChild(element('span', 'number', String(index + 1)));
    if (row === 0 || op.nanos[index] !== op.nanos[shown[row - 1]]) {
      line.appendChild(element('span', 'time', timeInWords(op.nanos[index])));
    }
    let free = laneLeft(lanes.length) + RIGHT; // up to where a reason may run over the lanes to its right
    for (let i = lanes.length - 1; i >= 0; i--) {
      if (i === lane) {
        free = laneLeft(i);
        continue;
      }
      const stop = stopAt(lanes[i], index);
      if (stop) {
        const bar = at(element('div', 'bar ' + barOf(stop)), laneLeft(i));
        bar.dataset.why = data.tasks[lanes[i]] + ' ' + stopInWords(stop);
        line.appendChild(bar);
        // The reason stands once, on the first row of the stop that is shown.
        if (row === 0 || shown[row - 1] <= stop.from) {
          line.appendChild(at(element('div', 'stop', stopInWords(stop)), laneLeft(i) + 8, free - laneLeft(i) - 12));
          free = laneLeft(i);
        }
      } else if (isAlive(lanes[i], index)) {
        line.appendChild(at(element('div', 'bar alive'), laneLeft(i)));
      }
    }
    if (isSwitch(row)) {
      const from = laneOf[op.task[shown[row - 1]]];
      const left = laneLeft(Math.min(from, lane));
      line.appendChild(at(element('div', 'switch'), left, Math.abs(from - lane) * laneWidth + 6));
    }
    const cell = at(element('div', ('cell ' + kindOf(index)).trim()), laneLeft(lane));
    // A row has one operation, so that a long one may run over the lanes to its right.
    cell.style.minWidth = laneWidth - 6 + 'px';
    cell.style.maxWidth = laneLeft(lanes.length) + RIGHT - laneLeft(lane) - 8 + 'px';
    cell.appendChild(element('span', '', cellWords(index)));
    if (text[op.place[index]]) cell.appendChild(element('span', 'at', text[op.place[index]]));
    line.appendChild(cell);
    return line;
  }

  // ---- drawing

  function draw(force) {
    const first = Math.max(0, Math.floor(table.scrollTop / ROW) - OVERSCAN);
    const last = Math.min(shown.length, Math.ceil((table.scrollTop + table.clientHeight) / ROW) + OVERSCAN);
    if (!force && first === firstRow && last === lastRow) return;
    firstRow = first;
    lastRow = last;
    const fragment = document.createDocumentFragment();
    for (let row = first; row < last; row++) fragment.appendChild(buildRow(row));
    rows.replaceChildren(fragment);
    drawMap();
  }

  function layout() {
    const space = table.clientWidth - LEFT - RIGHT - 4;
    laneWidth = Math.max(MIN_LANE, Math.min(MAX_LANE, Math.floor(space / Math.max(1, lanes.length))));
    const heads = byId('heads');
    heads.replaceChildren();
    heads.appendChild(at(element('span', '', 'step'), 30));
    heads.appendChild(at(element('span', '', 'time'), 118));
    lanes.forEach((task, lane) => {
      const head = at(element('span', '', data.tasks[task]), laneLeft(lane), laneWidth - 8);
      head.dataset.task = task;
      heads.appendChild(head);
    });
    const width = laneLeft(lanes.length) + RIGHT + 'px';
    heads.style.width = width;
    rows.style.width = width;
    rows.style.height = shown.length * ROW + 'px';
  }

  /** The whole execution on one strip: which task ran where, and what is in sight. */
  function drawMap() {
    const ratio = window.devicePixelRatio || 1;
    const width = map.clientWidth;
    const height = map.clientHeight;
    map.width = Math.max(1, Math.round(width * ratio));
    map.height = Math.max(1, Math.round(height * ratio));
    const context = map.getContext('2d');
    context.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue('--' + name).trim();
    const lane = (width - 8) / Math.max(1, lanes.length);
    const rowHeight = height / Math.max(1, shown.length);
    context.fillStyle = colour('line');
    // At most a few marks for each pixel: more of them cannot be seen.
    const stride = Math.max(1, Math.floor(shown.length / (height * 4)));
    for (let row = 0; row < shown.length; row += stride) {
      context.fillRect(4 + laneOf[op.task[shown[row]]] * lane, row * rowHeight, Math.max(1, lane - 2), Math.max(0.6, rowHeight * stride * 0.9));
    }
    context.fillStyle = colour('failed');
    for (const index of failures.keys()) {
      const row = rowOf(index);
      if (row >= 0 && shown[row] === index) context.fillRect(0, Math.min(height - 3, row * rowHeight), width, 3);
    }
    context.strokeStyle = colour('ink');
    context.lineWidth = 1;
    const top = (table.scrollTop / ROW) * rowHeight;
    context.strokeRect(0.5, top + 0.5, width - 1, Math.max(3, (table.clientHeight / ROW) * rowHeight - 1));
  }

  function pair(body, name, value) {
    if (value === '' || value === undefined) return;
    const row = element('tr');
    row.appendChild(element('td', '', name));
    row.appendChild(element('td', 'mono', value));
    body.appendChild(row);
  }

  /** What is known of the selected operation, and where every task stands at that moment. */
  function drawDetail() {
    const detail = byId('detail');
    detail.replaceChildren();
    if (selected < 0) return;
    detail.appendChild(element('h2', '', 'Step ' + (selected + 1) + ' of ' + total));
    const facts = element('table');
    pair(facts, 'task', data.tasks[op.task[selected]]);
    pair(facts, 'operation', text[op.words[selected]]);
    pair(facts, 'object', text[op.object[selected]]);
    pair(facts, 'place', text[op.place[selected]]);
    pair(facts, 'virtual time', timeInWords(op.nanos[selected]));
    if (draws.has(selected)) pair(facts, 'drawn', draws.get(selected).words);
    if (isFailure(selected)) pair(facts, 'failure', data.error);
    detail.appendChild(facts);
    if (framesOf(selected).length > 0) {
      detail.appendChild(element('h2', '', 'Issued'));
      detail.appendChild(element('div', 'mono frames', framesOf(selected).join('\n')));
    }
    detail.appendChild(element('h2', '', 'The tasks at this step'));
    const state = element('table');
    lanes.forEach((task) => pair(state, data.tasks[task], stateOf(task, selected)));
    detail.appendChild(state);
    const task = op.task[selected];
    if (data.stacks[task]) {
      detail.appendChild(element('h2', '', 'Where ' + data.tasks[task] + ' stands at the end'));
      detail.appendChild(element('div', 'mono frames', data.stacks[task].join('\n')));
    }
  }

  function stateOf(task, index) {
    const list = operationsOf[task];
    if (op.task[index] === task) return 'runs: ' + text[op.words[index]];
    if (list.length === 0 || list[0] > index) return 'has not begun';
    if (!isAlive(task, index)) return 'has ended';
    const stop = stopAt(task, index);
    return stop ? stopInWords(stop) : 'stands';
  }

  // ---- moving

  function rowOf(index) {
    return floor(shown, index, self);
  }

  function select(index, centre) {
    if (index < 0 || index >= total) return;
    selected = index;
    const row = rowOf(index);
    const top = row * ROW;
    const bottom = table.scrollTop + table.clientHeight - 24;
    if (centre || top < table.scrollTop + ROW || top + ROW > bottom) {
      table.scrollTop = Math.max(0, top - (table.clientHeight - 24) / 2);
    }
    const left = laneLeft(Math.max(0, laneOf[op.task[index]]));
    if (left < table.scrollLeft + LEFT || left + MIN_LANE > table.scrollLeft + table.clientWidth) {
      table.scrollLeft = Math.max(0, left - Math.max(8, (table.clientWidth - laneWidth) / 2));
    }
    document.documentElement.dataset.selected = index + 1;
    draw(true);
    drawDetail();
  }

  function move(rowsFurther) {
    const row = Math.max(0, Math.min(shown.length - 1, rowOf(selected) + rowsFurther));
    if (shown.length > 0) select(shown[row], false);
  }

  function moveToSwitch(direction) {
    for (let row = rowOf(selected) + direction; row >= 0 && row < shown.length; row += direction) {
      if (isSwitch(row)) {
        select(shown[row], false);
        return;
      }
    }
  }

  function moveInTask(direction) {
    if (selected < 0) return;
    const list = operationsOf[op.task[selected]];
    const at = floor(list, selected, self) + direction;
    if (at >= 0 && at < list.length) select(list[at], false);
  }

  function jumpToFailure() {
    if (data.failures.length === 0) return;
    const index = data.failures[data.failures.length - 1][0];
    if (rowOf(index) < 0 || shown[rowOf(index)] !== index) showEverything();
    select(index, true);
  }

  // ---- filters

  function showEverything() {
    byId('filter').value = '';
    for (const box of byId('tasks').querySelectorAll('input')) box.checked = true;
    applyFilters();
  }

  function applyFilters() {
    const wanted = byId('filter').value.trim().toLowerCase();
    const boxes = byId('tasks').querySelectorAll('input');
    lanes = [];
    laneOf.fill(-1);
    boxes.forEach((box, task) => {
      if (box.checked) {
        laneOf[task] = lanes.length;
        lanes.push(task);
      }
    });
    // Each distinct string is looked at once, not once for each operation.
    const hits = text.map((string) => wanted === '' || string.toLowerCase().includes(wanted));
    const found = new Int32Array(total);
    let count = 0;
    for (let i = 0; i < total; i++) {
      const hit = hits[op.words[i]] || hits[op.object[i]] || hits[op.place[i]];
      if (laneOf[op.task[i]] >= 0 && (hit || isFailure(i) || (draws.has(i) && draws.get(i).words.toLowerCase().includes(wanted)))) found[count++] = i;
    }
    shown = found.slice(0, count);
    // Rows that are still there would keep the table as high as it was, and scrolled to where nothing is.
    rows.replaceChildren();
    byId('count').textContent = count === total ? total + ' operations' : count + ' of ' + total + ' operations';
    layout();
    draw(true);
    const row = rowOf(selected);
    if (row >= 0 && shown[row] === selected) select(selected, false);
  }

  function buildTaskBoxes() {
    data.tasks.forEach((name, task) => {
      const label = element('label');
      const box = element('input');
      box.type = 'checkbox';
      box.checked = true;
      box.addEventListener('change', applyFilters);
      label.appendChild(box);
      label.appendChild(document.createTextNode(' ' + name));
      label.title = operationsOf[task].length + ' operations';
      byId('tasks').appendChild(label);
    });
    const objects = new Set(op.object);
    let listed = 0;
    for (const object of objects) {
      if (text[object] === '' || listed++ > 500) continue;
      const option = element('option');
      option.value = text[object];
      byId('objects').appendChild(option);
    }
  }

  // ---- the page

  function showTip(event) {
    const head = event.target.closest('[data-task]');
    const line = event.target.closest('.row');
    let words = '';
    if (head && data.stacks[head.dataset.task]) {
      words = 'at the end:\n' + data.stacks[head.dataset.task].join('\n');
    } else if (line && event.target.closest('.cell')) {
      const index = Number(line.dataset.index);
      const task = op.task[index];
      const list = operationsOf[task];
      const frames = framesOf(index);
      words = [data.tasks[task] + ': ' + cellWords(index), text[op.object[index]], ...(frames.length > 0 ? frames : [text[op.place[index]]])].filter(Boolean).join('\n');
      if (list[list.length - 1] === index && data.stacks[task]) words += '\n\nat the end:\n' + data.stacks[task].join('\n');
    } else if (line && event.target.closest('.stop')) {
      words = event.target.textContent;
    } else if (event.target.dataset.why) {
      words = event.target.dataset.why;
    }
    tip.hidden = words === '';
    tip.textContent = words;
    if (words !== '') {
      tip.style.left = Math.min(event.clientX + 14, Math.max(0, window.innerWidth - tip.offsetWidth - 8)) + 'px';
      tip.style.top = Math.min(event.clientY + 14, Math.max(0, window.innerHeight - tip.offsetHeight - 8)) + 'px';
    }
  }

  function toggleTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    draw(true);
  }

  const keys = {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    PageDown: () => move(Math.floor(table.clientHeight / ROW) - 2), PageUp: () => move(2 - Math.floor(table.clientHeight / ROW)),
    n: () => moveToSwitch(1), p: () => moveToSwitch(-1), '.': () => moveInTask(1), ',': () => moveInTask(-1),
    f: jumpToFailure, t: toggleTheme, Home: () => move(-total), End: () => move(total),
    '/': () => byId('filter').focus(),
  };

  function listen() {
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.tagName === 'INPUT' && event.target.type === 'search') {
        if (event.key === 'Escape' || event.key === 'Enter') table.focus();
        return;
      }
      if (keys[event.key]) {
        event.preventDefault();
        keys[event.key]();
      }
    });
    table.addEventListener('scroll', () => requestAnimationFrame(() => draw(false)), { passive: true });
    table.addEventListener('click', (event) => {
      const line = event.target.closest('.row');
      if (line) select(Number(line.dataset.index), false);
    });
    table.addEventListener('mousemove', showTip);
    table.addEventListener('mouseleave', () => { tip.hidden = true; });
    map.addEventListener('click', (event) => {
      const row = Math.floor((event.offsetY / Math.max(1, map.clientHeight)) * shown.length);
      if (row < shown.length) select(shown[row], true);
    });
    window.addEventListener('resize', () => { layout(); draw(true); });
    byId('filter').addEventListener('input', applyFilters);
    byId('first').addEventListener('click', () => move(-total));
    byId('previous').addEventListener('click', () => move(-1));
    byId('next').addEventListener('click', () => move(1));
    byId('previous-switch').addEventListener('click', () => moveToSwitch(-1));
    byId('next-switch').addEventListener('click', () => moveToSwitch(1));
    byId('failure').addEventListener('click', jumpToFailure);
    byId('theme').addEventListener('click', toggleTheme);
    byId('copy').addEventListener('click', () => navigator.clipboard && navigator.clipboard.writeText(data.reproduce));
  }

  function fillHeader() {
    document.title = data.title;
    byId('subject').textContent = data.title;
    byId('error').textContent = data.error;
    byId('command').textContent = data.reproduce;
    byId('story').textContent = data.story.join('\n');
    for (const sentence of data.summary) byId('summary').appendChild(element('li', '', sentence));
  }

  /** One of the two executions beside each other; a click on a step of the failing one goes there. */
  function fillSide(body, list, goes) {
    for (const [step, task, words, place, isOfRace] of list) {
      const row = element('tr', isOfRace ? 'race' : '');
      row.appendChild(element('td', 'number', String(step)));
      for (const cell of [task, words, place]) row.appendChild(element('td', '', cell));
      if (goes) row.addEventListener('click', () => select(step - 1, true));
      body.appendChild(row);
    }
  }

  function fillHazards() {
    byId('seen').hidden = data.hazards.length === 0;
    for (const sentence of data.hazards) byId('hazards').appendChild(element('li', '', sentence));
  }

  /** A column for each client, a row for each call or return; a call reaches down to its return. */
  function fillHistory() {
    if (!data.history) return;
    const history = data.history;
    byId('history').hidden = false;
    const clients = [...new Set(history.calls.map((call) => call[0]))].sort((a, b) => a - b);
    const head = element('tr', '');
    for (const client of clients) head.appendChild(element('th', '', `client ${client}`));
    byId('calls').tHead.appendChild(head);
    const events = Math.max(...history.calls.map((call) => Math.max(call[2], call[3]))) + 1;
    const taken = clients.map(() => 0); // up to which event a client's column is filled
    for (let event = 0; event < events; event++) {
      const row = element('tr', '');
      clients.forEach((client, column) => {
        if (event < taken[column]) return;
        const call = history.calls.find((one) => one[0] === client && one[2] === event);
        const cell = element('td', call ? (call[5] ? 'call impossible' : 'call') : '', '');
        if (call) {
          cell.rowSpan = (call[3] < 0 ? events - 1 : call[3]) - event + 1;
          taken[column] = event + cell.rowSpan;
          if (call[4] > 0) cell.appendChild(element('span', 'position', String(call[4])));
          cell.appendChild(element('span', '', call[1] + (call[3] < 0 ? ' (open)' : '')));
        }
        row.appendChild(cell);
      });
      byId('calls').tBodies[0].appendChild(row);
    }
    const legal = history.calls.filter((call) => call[4] > 0).sort((a, b) => a[4] - b[4]);
    byId('order').textContent =
      `Longest legal order: ${legal.map((call) => call[1]).join('; ') || 'none'}; the state then: ${history.state}. Next:`;
    for (const why of history.impossible) byId('impossible').appendChild(element('li', '', why));
  }

  function fillCause() {
    if (!data.cause) return;
    byId('why').hidden = false;
    for (const sentence of data.cause.sentences) byId('cause').appendChild(element('li', '', sentence));
    fillSide(byId('fails'), data.cause.fails, true);
    fillSide(byId('passes'), data.cause.passes, false);
    // As far as a race goes, the last operation of it is what one looks for.
    for (const side of [byId('fails'), byId('passes')]) {
      const raced = side.querySelectorAll('.race');
      if (raced.length > 0) raced[raced.length - 1].title = 'the second operation of the race';
    }
  }

  fillHeader();
  fillCause();
  fillHazards();
  fillHistory();
  buildTaskBoxes();
  listen();
  applyFilters();
  const wanted = /^#([0-9]{1,9})$/.exec(window.location.hash);
  if (wanted) select(Math.min(total, Number(wanted[1])) - 1, true);
  else jumpToFailure();
  document.documentElement.dataset.ready = Math.round(performance.now());
})();
