/** Everything that a call needs from its first moment on. */
import '../sound/enx-sound.js';
import '../stage/enx-stage.js';
import '../toolbar/enx-toolbar.js';
export { RoomCall } from './room-call.js';
