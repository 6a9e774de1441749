/** What prejoin screen and settings have in common besides the room: fields, a level, a tone to hear. */
import '../internal/form.js';
import './enx-level.js';
import './enx-speaker-test.js';
export { playTone } from './tones.js';
