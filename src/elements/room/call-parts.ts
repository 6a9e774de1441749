/** Everything that a call needs from its first moment on. */
import '../chat/enx-chat.js';
import '../sound/enx-sound.js';
import '../stage/enx-stage.js';
import '../toolbar/enx-toolbar.js';
