// The start page: a form, and in its place the room once somebody joins.
const start = document.querySelector('#start');
const form = start.querySelector('form');
const output = form.querySelector('output');
const parameters = new URLSearchParams(location.search);

form.elements.name.value = parameters.get('name') ?? localStorage.getItem('enx-demo-name') ?? '';
form.elements.room.value = parameters.get('room') ?? 'lobby';
(form.elements.name.value ? form.elements.room : form.elements.name).focus();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const name = form.elements.name.value.trim();
  const room = form.elements.room.value.trim();
  localStorage.setItem('enx-demo-name', name);
  history.replaceState(null, '', `?${new URLSearchParams({ room })}`);

  const element = document.createElement('enx-room');
  const role = form.elements.moderator.checked ? 'moderator' : 'participant';
  element.setAttribute('name', name);
  element.setAttribute('token-url', `/demo/token?${new URLSearchParams({ room, role })}`);
  if (form.elements.preview.checked) {
    element.setAttribute('join-mode', 'prejoin');
    element.setAttribute('status-url', `/demo/status?${new URLSearchParams({ room })}`);
  }
  document.body.classList.add('in-call');
  start.hidden = true;
  document.body.append(element);

  element.addEventListener('exit-room', () => {
    element.remove();
    document.body.classList.remove('in-call');
    start.hidden = false;
    output.textContent = 'You left the call.';
  });
});

document.querySelector('#copy').addEventListener('click', async () => {
  const link = new URL(location.pathname, location.href);
  link.search = new URLSearchParams({ room: form.elements.room.value.trim() });
  try {
    await navigator.clipboard.writeText(link.href);
    output.textContent = 'The invite link is copied.';
  } catch {
    output.textContent = link.href;
  }
});
