import { Room } from '/dist/engine.min.js';

const form = document.querySelector('form');
const output = document.querySelector('output');
const videos = document.querySelector('.videos');
const leave = document.querySelector('#leave');
const room = new Room();

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(form));
  try {
    await room.join(async () => (await (await fetch(`/demo/token?${query}`)).json()).token);
  } catch (error) {
    output.textContent = error.message;
  }
});
leave.addEventListener('click', () => room.disconnect());
room.on('messageReceived', ({ from, text }) => (output.textContent = `${from}: ${text}`));

room.subscribe(({ connection, participants, localStream, talkers }) => {
  leave.disabled = connection !== 'connected';
  output.textContent = `${connection}, ${participants.length} in the room`;
  const streams = [
    { id: 'self', stream: localStream, muted: true },
    ...talkers.map(({ clientId, stream }) => ({ id: clientId, stream, muted: false })),
  ].filter(({ stream }) => stream);
  for (const video of [...videos.children]) {
    if (!streams.some(({ id }) => id === video.dataset.id)) video.remove();
  }
  for (const { id, stream, muted } of streams) {
    let video = [...videos.children].find((child) => child.dataset.id === id);
    if (!video) {
      video = Object.assign(document.createElement('video'), { autoplay: true, playsInline: true, muted });
      video.dataset.id = id;
      videos.append(video);
    }
    if (video.srcObject !== stream) video.srcObject = stream;
  }
});
