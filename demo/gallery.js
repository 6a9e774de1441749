import { show, states } from './gallery-states.js';

const sizes = ['800×600', '240×320', '360×640', '480×320', '568×320', '1280×800', '1920×1080'];
const form = document.querySelector('form');
const main = document.querySelector('main');
const { state, size, theme, layout, dir, lang } = form.elements;

const options = (select, values) => select.append(...values.map((value) => new Option(value)));
options(state, Object.keys(states));
options(size, sizes);

const query = new URLSearchParams(location.search);
for (const field of [state, size, theme, layout, dir, lang]) {
  if (query.has(field.name)) field.value = query.get(field.name);
}
document.body.classList.toggle('bare', query.has('bare'));

async function draw() {
  const frame = document.createElement('div');
  frame.className = 'frame';
  const [width, height] = size.value.split('×');
  Object.assign(frame.style, { width: `${width}px`, height: `${height}px` });
  frame.dir = dir.value;
  // The room follows its language: right to left needs one that is written so.
  frame.lang = lang.value || (dir.value === 'rtl' ? 'ar' : 'en');
  const room = document.createElement('enx-room');
  room.setAttribute('theme', theme.value);
  room.setAttribute('layout', layout.value);
  frame.append(room);
  main.replaceChildren(frame);
  await show(room, state.value);
  document.body.dataset.shown = state.value;
}

form.addEventListener('change', () => {
  const fields = [...new FormData(form)].filter(([, value]) => value !== '');
  history.replaceState(null, '', `?${new URLSearchParams(fields)}`);
  void draw();
});
void draw();
