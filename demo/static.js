const room = document.querySelector('enx-room');
const output = document.querySelector('output');

room.addEventListener('room-connected', ({ detail }) => {
  output.textContent = `You are in "${detail.room.name}" with ${detail.users.length - 1} others.`;
});
room.addEventListener('user-connected', ({ detail }) => {
  output.textContent = `${detail.name} joined.`;
});
room.addEventListener('user-disconnected', ({ detail }) => {
  output.textContent = `${detail.name} left.`;
});
