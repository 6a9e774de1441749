/** What a call needs only when somebody asks for it. */
import '../dialog/enx-dialog.js';
import '../internal/panel.js';
import '../internal/strings-panels.js';
import '../menu/enx-menu.js';
import './enx-reactions.js';
import './enx-time-left.js';
export { captureStream } from '../player/capture.js';
export { PlayerActions } from '../player/player-actions.js';
export { moderate } from './moderate.js';
export { panelPlace } from './panel-place.styles.js';
export { renderShortcutHelp } from './shortcut-help.js';
export { runShortcut } from './shortcut-requests.js';
export { SelfView } from '../stage/self-view.js';
export { toolbarMenu } from '../toolbar/toolbar-menus.js';
