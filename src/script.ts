/** Entry of the classic script: defines `<enx-room>` at once and leaves no global name behind. */
import './elements/room/enx-room.js';
